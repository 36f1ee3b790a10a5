"""Replication: compare the stay model with the report's own figures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from matcher.domain.tables.array_types import FloatArray
from matcher.stay import municipalities as kinds
from matcher.stay import persons
from matcher.stay.coefficients import Coefficients, Horizon, moved_counts, settled_shares_2010_2016
from matcher.stay.cohort import (
    mean_settlement_year_effect,
    person_type_shares,
    settled_place_shares,
)
from matcher.stay.raking import margin_sums

SOURCE = "Fafo 2025:14, table 2"
LARGE_DEVIATION = 0.03
"""A larger deviation, in probability, needs an explanation in the documentation."""
TABLE_2_COLUMNS: Mapping[Horizon, tuple[str, ...]] = {
    Horizon.FIVE_YEARS: ("moved_within_5y",),
    Horizon.YEAR_SIX_TO_SEVEN: ("moved_year_6_7",),
    Horizon.SEVEN_YEARS: ("moved_within_5y", "moved_year_6_7"),
}
"""Columns of table 2 that make up each horizon."""
OVERALL_MOVED: Mapping[Horizon, float] = {
    Horizon.FIVE_YEARS: 0.20,
    Horizon.YEAR_SIX_TO_SEVEN: 0.15,
    Horizon.SEVEN_YEARS: 0.35,
}
"""Share of all persons who had moved (chapter 3.4)."""
NEWTON_STEPS = 50
MOVED_WITHIN_TEN_YEARS: Mapping[tuple[str, str], float] = {
    ("centrality", "1"): 0.25,
    ("centrality", "6"): 0.80,
    ("population", "under 5000"): 0.80,
    ("population", "5000-9999"): 0.60,
    ("population", "50000+"): 0.30,
    ("landsdel", "Nord-Norge"): 0.70,
    ("landsdel", "Trøndelag"): 0.50,
}
"""Share who had moved after ten years; chapter 3.4 states them approximately."""


@dataclass(frozen=True, slots=True)
class ReplicatedShare:
    """A moving share observed in the report, and the model's prediction for the same persons.

    Parameters
    ----------
    variable, level : str
        The group, as table 4 names it; both empty for everyone.
    persons : float
        Number of persons in the group.
    observed, predicted : float
        Share who moved, 0-1.
    """

    variable: str
    level: str
    persons: float
    observed: float
    predicted: float

    @property
    def deviation(self) -> float:
        """Predicted minus observed, in probability."""
        return self.predicted - self.observed

    @property
    def is_large(self) -> bool:
        """Whether the deviation is more than three percentage points."""
        return abs(self.deviation) > LARGE_DEVIATION


@dataclass(frozen=True, slots=True)
class PlacePrediction:
    """Prediction of the model for persons settled in one kind of municipality.

    Parameters
    ----------
    variable, level : str
        The kind of municipality, as table 4 names it.
    predicted : float
        Share who move within seven years.
    ten_years : float or None
        Share who moved within ten years in the report, or None.
    """

    variable: str
    level: str
    predicted: float
    ten_years: float | None


def replicate_table_2(horizon: Horizon = Horizon.SEVEN_YEARS) -> list[ReplicatedShare]:
    """Compare the model with table 2: everyone first, then every group."""
    moving, shares = person_type_moving(horizon), person_type_shares()
    everyone = ReplicatedShare(
        "", "", 53_489, OVERALL_MOVED[horizon], float((shares * moving).sum())
    )
    return [everyone, *_groups(horizon, moving, shares)]


def person_type_moving(horizon: Horizon) -> FloatArray:
    """Predict the moving share of each kind of person in the average place.

    The settlement year is the average of 2010-2016, the income the reference of table 4 (none).
    Shape (2, 6, 5, 9, 3).
    """
    coefficients = Coefficients.read(horizon)
    place = float((settled_place_shares() * kinds.municipality_type_effects(coefficients)).sum())
    level = (
        coefficients.coefficient("constant").value
        + mean_settlement_year_effect(coefficients)
        + place
    )
    return np.asarray(level + persons.person_type_effects(coefficients))


def predict_by_place(horizon: Horizon = Horizon.SEVEN_YEARS) -> list[PlacePrediction]:
    """Predict for the average person by kind of municipality, beside the ten-year figures."""
    coefficients = Coefficients.read(horizon)
    person = float((person_type_shares() * person_type_moving(horizon)).sum())
    effects, shares = kinds.municipality_type_effects(coefficients), settled_place_shares()
    moving = person + effects - float((shares * effects).sum())
    return [
        PlacePrediction(
            variable, level, float(predicted), MOVED_WITHIN_TEN_YEARS.get((variable, level))
        )
        for axis, (variable, levels) in enumerate(kinds.PLACE_LEVELS.items())
        for level, predicted in zip(levels, _means(moving, shares, axis), strict=True)
    ] + [_under_5000(moving, shares)]


def _under_5000(moving: FloatArray, shares: FloatArray) -> PlacePrediction:
    """Prediction for municipalities under 5000, which the report counts together."""
    axis = list(kinds.PLACE_LEVELS).index("population")
    counted, weight = margin_sums(shares * moving, axis), margin_sums(shares, axis)
    share = float(counted[:2].sum() / weight[:2].sum())
    key = ("population", "under 5000")
    return PlacePrediction(*key, share, MOVED_WITHIN_TEN_YEARS[key])


def _groups(horizon: Horizon, moving: FloatArray, shares: FloatArray) -> Iterator[ReplicatedShare]:
    for axis, (variable, levels) in enumerate(persons.PERSON_LEVELS.items()):
        everyone = moved_counts(variable, "all")
        for level, predicted in zip(levels, _means(moving, shares, axis), strict=True):
            gone = sum(moved_counts(variable, column)[level] for column in TABLE_2_COLUMNS[horizon])
            observed = gone / everyone[level]
            yield ReplicatedShare(variable, level, everyone[level], observed, float(predicted))


def _means(values: FloatArray, shares: FloatArray, axis: int) -> FloatArray:
    return np.asarray(margin_sums(values * shares, axis) / margin_sums(shares, axis))


def find_consistent_composition(moving: FloatArray, horizon: Horizon) -> FloatArray | None:
    """Find the composition nearest to the assumed one in which every group moves as observed.

    In the data that it is fitted on, least squares reproduces the mean of every group that has an
    effect. So a deviation by group means that facts of persons are combined in another way than
    assumed. This function finds that way: the composition has the same sums as table 2 and every
    group's observed moving share, except for the overall level.

    Parameters
    ----------
    moving : float array, shape (2, 6, 5, 9, 3)
        Predicted moving share of each kind of person.
    horizon : Horizon
        Horizon of the observed shares.

    Returns
    -------
    float array, shape (2, 6, 5, 9, 3), or None
        Share of the persons of each kind; None where no composition meets the conditions.
    """
    shares = person_type_shares()
    level = float((shares * moving).sum())
    group_shares, group_moving = _conditions(moving - level, _observed_less_mean(horizon))
    return _tilted(shares, np.vstack([group_shares, group_moving]))


def _observed_less_mean(horizon: Horizon) -> FloatArray:
    """Observed moving share of each group minus the share of everyone with the variable known.

    The household type of some persons is unknown, so the means differ a little by variable.
    """
    parts = []
    for variable, levels in persons.PERSON_LEVELS.items():
        everyone = np.array([moved_counts(variable, "all")[level] for level in levels])
        gone = np.array(
            [
                sum(moved_counts(variable, c)[level] for c in TABLE_2_COLUMNS[horizon])
                for level in levels
            ]
        )
        parts.append(gone / everyone - gone.sum() / everyone.sum())
    return np.concatenate(parts)


def _conditions(moving: FloatArray, observed: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Conditions with mean 0: membership minus its share, and moving minus the observed share."""
    place = np.indices(persons.PERSON_SHAPE).reshape(len(persons.PERSON_SHAPE), -1)
    shares = [
        settled_shares_2010_2016(variable)[level]
        for variable, levels in persons.PERSON_LEVELS.items()
        for level in levels
    ]
    member = np.vstack(
        [place[a] == k for a, n in enumerate(persons.PERSON_SHAPE) for k in range(n)]
    )
    group_shares = member - np.array(shares)[:, None]
    group_moving = member * (moving.reshape(-1) - observed[:, None])
    return group_shares, group_moving


def _tilted(shares: FloatArray, conditions: FloatArray) -> FloatArray | None:
    """Shares nearest in relative entropy for which every condition has mean 0."""
    base, factors = shares.reshape(-1), np.zeros(len(conditions))
    weight = base
    for _ in range(NEWTON_STEPS):
        gradient = conditions @ weight
        if float(np.abs(gradient).max()) < 1e-10:
            return weight.reshape(shares.shape)
        curvature = (conditions * weight) @ conditions.T - np.outer(gradient, gradient)
        factors = factors - np.linalg.lstsq(curvature, gradient, rcond=1e-12)[0]
        logarithm = factors @ conditions
        weight = base * np.exp(logarithm - logarithm.max())
        weight = weight / weight.sum()
    return None
