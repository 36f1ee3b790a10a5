"""The probability of staying, equation (10), of all pairs and of those of a plan."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol, Self

import numpy as np

from matcher.domain.answer import Answer
from matcher.domain.tables.array_types import BoolArray, FloatArray, IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.stay.coefficients import Coefficients, Horizon
from matcher.stay.municipalities import MunicipalityEffects, municipality_effects
from matcher.stay.persons import build_person_design, nothing_known, sum_by_row

NORMAL_95 = 1.96


@dataclass(frozen=True, slots=True, eq=False)
class StayPrediction:
    """Mean probability that a unit's members stay, with its uncertainty.

    Parameters
    ----------
    probability : float array, shape (units, municipalities)
        Clipped to 0-1 for showing; not-a-number where nothing is known of any member.
    low, high : float array, shape (units, municipalities)
        The interval covers 95 % as far as published standard errors, rounding and unknown facts go
        (covariances are not published); not-a-number where none can be given: for an operator's
        own probability, and where there is no probability.
    quartile_known : bool array, shape (municipalities,)
        False where the municipality's out-migration is an expectation.
    outside_range : bool array, shape (units,)
        A member belongs to a group that the model was not estimated on (temporary collective
        protection).
    """

    probability: FloatArray
    low: FloatArray
    high: FloatArray
    quartile_known: BoolArray
    outside_range: BoolArray


class PairEffectProtocol(Protocol):
    """What the model needs from a pair effect: its size, the error of the size, and the fit."""

    @property
    def id(self) -> str:
        """Identifier."""

    @property
    def size(self) -> float:
        """Share of the persons who would otherwise move that a perfect fit makes stay."""

    @property
    def standard_error(self) -> float:
        """Standard deviation of the size."""

    def concerns(self, h: HouseholdTable) -> BoolArray:
        """Units that the effect is about, shape (units,)."""

    def fit_scores(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """How well each unit fits each municipality, -1 to 1, shape (units, municipalities)."""


def select_concerned(
    effect: PairEffectProtocol, h: HouseholdTable
) -> tuple[IntArray, HouseholdTable]:
    """Select the units that an effect is about: their rows, and a table of them."""
    rows = np.flatnonzero(effect.concerns(h))
    return rows, h if len(rows) in (0, len(h)) else h.take(rows)


@dataclass(frozen=True, slots=True)
class StayModel:
    """Linear probability model of moving away, Fafo 2025:14, table 4, with effects of the pair.

    Parameters
    ----------
    horizon : Horizon
        Five years, seven, or year six to seven.
    effects : tuple of PairEffectProtocol
        Effects of the pair. Without any, the model is the additive one of the report.
    """

    horizon: Horizon = Horizon.SEVEN_YEARS
    effects: tuple[PairEffectProtocol, ...] = ()

    def with_effects(self, effects: Iterable[PairEffectProtocol]) -> Self:
        """Return the same model with other effects of the pair."""
        return replace(self, effects=tuple(effects))

    @property
    def coefficients(self) -> Coefficients:
        """The published coefficients for the horizon."""
        return Coefficients.read(self.horizon)

    def place_effects(self, m: MunicipalityTable) -> MunicipalityEffects:
        """Effects of the municipality on the probability of moving."""
        # The stay term, every pair effect and the displayed prediction use this, so it is cached.
        cache, coefficients = m.cache, self.coefficients
        key = "stay", id(coefficients)
        if key not in cache:
            # The coefficients are kept too, so that no other object can get the same id.
            cache[key] = coefficients, municipality_effects(m, coefficients)
        effects: MunicipalityEffects = cache[key][1]
        return effects

    def reference_stay(self, m: MunicipalityTable) -> FloatArray:
        """Probability that the reference person stays, not clipped, shape (municipalities,).

        The objective uses this probability. The effects of a household are the same in every
        municipality, so they must decide neither the municipality nor who is placed first.
        """
        constant = self.coefficients.constant.value
        return np.asarray(1.0 - constant - self.place_effects(m).value)

    def reference_moving(self, m: MunicipalityTable) -> FloatArray:
        """Share of reference persons who would move: an upper limit for pair effects, 0-1.

        Shape (municipalities,). The reference person is used so that the share is the same for
        every household. Where hardly anyone moves, a pair effect can gain little
        (Fafo 2025:14, 6.4).
        """
        return self._room(self.place_effects(m))

    def predict_moving(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """Mean probability that members move, not clipped, shape (units, municipalities)."""
        place, (person, _) = self.place_effects(m), self._persons(h)
        stay = 1.0 - self._sum(person, place.value)
        self._add_pairs(h, m, place, stay, np.zeros_like(stay))
        return np.asarray(1.0 - stay)

    def predict(self, h: HouseholdTable, m: MunicipalityTable) -> StayPrediction:
        """Predict staying for every pair, with a 95 % interval.

        Where an operator's own model gives a probability, the prediction is that probability,
        without an interval. Otherwise the model abstains where nothing is known of a unit.
        """
        place, (person, spread) = self.place_effects(m), self._persons(h)
        stay = 1.0 - self._sum(person, place.value)
        constant = self.coefficients.constant.variance
        half_width = (constant + spread)[:, None] + place.variance[None, :]
        self._add_pairs(h, m, place, stay, half_width)
        np.sqrt(half_width, out=half_width)
        half_width *= NORMAL_95
        stay[nothing_known(h)] = np.nan
        if h.own_probability is not None:
            known = ~np.isnan(h.own_probability)
            stay[known], half_width[known] = h.own_probability[known], np.nan
        return StayPrediction(
            np.clip(stay, 0, 1),
            np.clip(stay - half_width, 0, 1),
            np.clip(stay + half_width, 0, 1),
            place.quartile_known,
            h.members.any_of(h.members.collective_protection == 1),
        )

    def _sum(self, person: FloatArray, place: FloatArray) -> FloatArray:
        constant = self.coefficients.constant.value
        return np.asarray(constant + person[:, None] + place[None, :])

    def _room(self, place: MunicipalityEffects) -> FloatArray:
        constant = self.coefficients.constant.value
        return np.asarray(np.clip(constant + place.value, 0.0, 1.0))

    def _add_pairs(
        self,
        h: HouseholdTable,
        m: MunicipalityTable,
        place: MunicipalityEffects,
        stay: FloatArray,
        variance: FloatArray,
    ) -> None:
        """Add the pair effects to ``stay``, and the variance of their sizes, both in place."""
        room = self._room(place)[None, :]
        for effect in self.effects:
            rows, concerned_units = select_concerned(effect, h)
            if len(rows):
                fit = effect.fit_scores(concerned_units, m) * room
                stay[rows] += effect.size * fit
                variance[rows] += effect.standard_error**2 * fit**2

    def _persons(self, h: HouseholdTable) -> tuple[FloatArray, FloatArray]:
        """Mean over members of the effects of the person, and its variance, shape (units,)."""
        design = build_person_design(h, self.coefficients)
        size = np.maximum(h.size, 1)
        mean = h.members.float_sum_of(design.weights) / size[:, None]
        # Unknown facts tend to be shared within a household, so deviations do not average out.
        unknown = h.members.float_sum_of(design.unknown_sd) / size
        variance = sum_by_row(mean**2, design.variances) + unknown**2
        return sum_by_row(mean, design.values), variance


def abstains(h: HouseholdTable) -> BoolArray:
    """Units without a probability anywhere: nothing is known of them, and no one else gives one."""
    own = h.own_probability
    without_own = np.True_ if own is None else np.isnan(own).all(axis=1)
    return np.asarray(nothing_known(h) & without_own)


BLOCK_SIZE = 1000
"""Units predicted at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class PlanPrediction:
    """Prediction for each unit in the municipality of a plan; not-a-number for unplaced units.

    Parameters
    ----------
    probability, low, high : float array, shape (units,)
        Mean probability that the members stay, clipped to 0-1, and its 95 % interval; missing as
        in :class:`StayPrediction`.
    outside_range : bool array, shape (units,)
        A member belongs to a group that the model was not estimated on (temporary collective
        protection).
    """

    probability: FloatArray
    low: FloatArray
    high: FloatArray
    outside_range: BoolArray


def predict_plan(
    model: StayModel, h: HouseholdTable, m: MunicipalityTable, choice: IntArray
) -> PlanPrediction:
    """Predict staying for the pairs of a plan.

    Parameters
    ----------
    model : StayModel
    h : HouseholdTable
    m : MunicipalityTable
    choice : int array, shape (units,)
        Row of the municipality of each unit, below 0 for none.
    """
    columns = np.full((3, len(h)), np.nan)
    for rows in _blocks(np.flatnonzero(choice >= 0)):
        prediction, pair = model.predict(h.take(rows), m), (np.arange(len(rows)), choice[rows])
        columns[:, rows] = prediction.probability[pair], prediction.low[pair], prediction.high[pair]
    outside = h.members.any_of(h.members.collective_protection == Answer.YES)
    return PlanPrediction(columns[0], columns[1], columns[2], outside)


def pair_fit_in_plan(
    effect: PairEffectProtocol, h: HouseholdTable, m: MunicipalityTable, choice: IntArray
) -> FloatArray:
    """Fit of each unit in the municipality of a plan, shape (units,); 0 for unplaced units."""
    out = np.zeros(len(h))
    rows, _ = select_concerned(effect, h)
    for block in _blocks(rows[choice[rows] >= 0]):
        fit = effect.fit_scores(h.take(block), m)
        out[block] = fit[np.arange(len(block)), choice[block]]
    return out


def _blocks(rows: IntArray) -> Iterator[IntArray]:
    for start in range(0, len(rows), BLOCK_SIZE):
        yield rows[start : start + BLOCK_SIZE]
