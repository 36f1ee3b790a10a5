"""Simulate a register from table 4: who was settled where, and who moved in which year."""

import numpy as np
import pandas as pd

from instances.random_stream import RandomStream
from instances.register.register_places import register_places, uniform_numbers
from instances.register.truth import MOVE_YEAR_SHARES, TRUE_PAIR_EFFECTS, SimulationTruth
from matcher.domain.tables.array_types import FloatArray, IntArray
from matcher.stay import municipalities as kinds
from matcher.stay import persons
from matcher.stay.coefficients import Coefficients, Horizon
from matcher.stay.cohort import SETTLEMENT_YEARS, person_type_shares, settled_place_shares

AGE_RANGES = ((0, 18), (18, 30), (30, 40), (40, 50), (50, 60), (60, 85))
"""First age, and the age after the last, by age group."""
SCHOOL_SOON_AGES = (12, 16)
"""First age at which upper secondary school is soon needed, and the age after the last."""
OVERSAMPLING = 1.6
"""Persons drawn per person of the register: those with a probability outside 0-1 are dropped."""


def simulate_register(
    count: int, seed: int, truth: SimulationTruth | None = None, *, clipped: bool = False
) -> pd.DataFrame:
    """Draw a register of person-years, with the published effects as its truth.

    Kinds of persons follow table 2, kinds of places tables 1 and 7, and persons come to places at
    random. Persons for whom the linear model gives a probability outside 0-1 are dropped, so that
    the linear model is exactly true for the register.

    Parameters
    ----------
    count : int
        Number of persons.
    seed : int
        The same seed gives the same register.
    truth : SimulationTruth or None
        Why persons move; None means table 4 without pair effects.
    clipped : bool
        Clip probabilities instead, so that nobody is dropped and ``propensity`` is exact.

    Returns
    -------
    DataFrame
        One row per person and year, as :mod:`matcher.stay.fitting.register` describes; also
        ``rural``
        (1, 0 not known, -1), ``has_school``, ``propensity`` (chance of coming to that
        municipality) and ``true_moving`` (true probability of moving within seven years).
    """
    chosen, draws = truth or SimulationTruth(), RandomStream(seed, "register")
    people = _people(round(OVERSAMPLING * count) + 100, draws, chosen)
    if clipped:
        people["true_moving"] = people["true_moving"].clip(0, 1)
    inside = people[people["true_moving"].between(0, 1)].head(count)
    if len(inside) < count:
        raise ValueError(f"only {len(inside)} of {count} persons have a probability from 0 to 1")
    people = inside.reset_index(drop=True)
    people.insert(0, "person", np.arange(1, count + 1))
    return _person_years(people, draws, chosen)


def _people(count: int, draws: RandomStream, truth: SimulationTruth) -> pd.DataFrame:
    """Draw persons with their places and the true probability of moving."""
    kind = _draw_indices(person_type_shares().ravel(), draws.substream("kind"), count)
    place = _draw_indices(register_places()["weight"].to_numpy(), draws.substream("place"), count)
    people = pd.DataFrame(_facts(kind, draws))
    people["cohort"] = draws.substream("cohort").integers_below(len(SETTLEMENT_YEARS), count) + int(
        SETTLEMENT_YEARS[0]
    )
    people["rural"] = draws.substream("rural").integers_below(3, count) - 1
    people = people.join(register_places().iloc[place].reset_index(drop=True))
    people = people.rename(columns={"weight": "propensity"})
    for name, fit in compute_true_pair_fits(people).items():
        people[f"pair_{name}"] = fit
    people["true_moving"] = _moving(people, kind, place, draws, truth)
    return people


def _facts(kind: IntArray, draws: RandomStream) -> dict[str, np.ndarray]:
    """Draw the facts of each person: levels, and an age within the age group."""
    codes = np.unravel_index(kind, persons.PERSON_SHAPE)
    facts = {
        variable: np.array(levels)[code]
        for code, (variable, levels) in zip(codes, persons.PERSON_LEVELS.items(), strict=True)
    }
    first, end = np.array(AGE_RANGES).T
    group = codes[list(persons.PERSON_LEVELS).index("age")]
    facts["age"] = first[group] + draws.substream("age").integers_below((end - first)[group])
    return facts


def _moving(
    people: pd.DataFrame,
    kind: IntArray,
    place: IntArray,
    draws: RandomStream,
    truth: SimulationTruth,
) -> FloatArray:
    """True probability of moving within seven years, shape (persons,)."""
    coefficients = Coefficients.read(Horizon.SEVEN_YEARS)
    person = persons.person_type_effects(coefficients).ravel()[kind]
    years = coefficients.values("settlement_year", SETTLEMENT_YEARS)
    cohort = years[people["cohort"].to_numpy() - int(SETTLEMENT_YEARS[0])]
    mean_place = float(
        (settled_place_shares() * kinds.municipality_type_effects(coefficients)).sum()
    )
    towns = truth.place_factor * (_place_effects(coefficients) - mean_place) + mean_place
    # The sum of twelve uniform draws is close enough to a normal draw.
    noise = (
        uniform_numbers(draws.substream("town"), 12 * len(towns)).reshape(-1, 12).sum(axis=1) - 6
    )
    towns = towns + truth.between * noise
    pairs = sum(
        -size * people[f"pair_{name}"].to_numpy() for name, size in truth.pair_sizes.items()
    )
    return np.asarray(
        coefficients.coefficient("constant").value + person + cohort + towns[place] + pairs
    )


def _place_effects(coefficients: Coefficients) -> FloatArray:
    """Table 4's effects of each municipality, shape (municipalities,)."""
    size = np.searchsorted(kinds.SIZE_BOUNDS, register_places()["population"], side="right")
    levels = {
        "outmigration_quartile": register_places()["outmigration_quartile"],
        "continuity": register_places()["continuity"],
        "centrality": register_places()["centrality"].astype(str),
        "population": pd.Series(np.array(kinds.PLACE_LEVELS["population"])[size]),
        "landsdel": register_places()["landsdel"],
    }
    return np.asarray(sum(coefficients.values(v, column) for v, column in levels.items()))


def compute_true_pair_fits(people: pd.DataFrame) -> dict[str, FloatArray]:
    """Compute how well persons and places fit, -1 to 1, by pair effect; places can be changed.

    Parameters
    ----------
    people : DataFrame
        With ``age``, ``rural`` (1, 0 not known, -1), ``centrality`` and ``has_school``.
    """
    return {name: _FITS[name](people) for name in TRUE_PAIR_EFFECTS}


def _school_soon_fit(people: pd.DataFrame) -> FloatArray:
    """-1 for persons who soon need upper secondary school where there is none, else 0."""
    soon = people["age"].between(*SCHOOL_SOON_AGES, inclusive="left")
    return np.asarray(np.where(soon & ~people["has_school"], -1.0, 0.0))


def _rural_or_urban_fit(people: pd.DataFrame) -> FloatArray:
    """1 where background and centrality agree, -1 where they do not, 0 in between."""
    remote = np.select([people["centrality"] >= 5, people["centrality"] <= 3], [1.0, -1.0])
    return np.asarray(people["rural"].to_numpy() * remote + 0.0)


_FITS = {"school_soon": _school_soon_fit, "rural_or_urban": _rural_or_urban_fit}


def _person_years(
    people: pd.DataFrame, draws: RandomStream, truth: SimulationTruth
) -> pd.DataFrame:
    """Build a row for each year in which a person was followed; a move is in the last row."""
    count, length = len(people), len(MOVE_YEAR_SHARES)
    moves = uniform_numbers(draws.substream("moves"), count) < people["true_moving"].to_numpy()
    when = _draw_indices(np.array(MOVE_YEAR_SHARES), draws.substream("when"), count) + 1
    lost = np.log(uniform_numbers(draws.substream("lost"), count)) / np.log1p(
        -max(truth.lost, 1e-12)
    )
    followed = np.minimum(np.floor(lost), length)
    end = np.where(moves, np.minimum(when, followed), followed).astype(np.int64)
    row = np.repeat(np.arange(count), end)
    year = np.arange(len(row)) - np.repeat(np.cumsum(end) - end, end) + 1
    out = people.iloc[row].reset_index(drop=True)
    out.insert(1, "year", year)
    out.insert(2, "moved", (moves & (when <= followed))[row] & (year == end[row]))
    return out


def _draw_indices(chances: FloatArray, draws: RandomStream, count: int) -> IntArray:
    """Draw indices of a list, each with its own probability."""
    steps = np.cumsum(chances) / np.sum(chances)
    return np.searchsorted(steps, uniform_numbers(draws, count)).astype(np.int64)
