"""Simulate a register from table 4: who was settled where, and who moved in which year."""

import numpy as np
import pandas as pd

from instances.draws import Draws
from instances.register.places import places, uniform
from instances.register.truth import BY_YEAR, PAIRS, Truth
from matcher.stay import Coefficients, Horizon, kinds, persons
from matcher.stay.cohort import YEARS, person_kinds, place_kinds
from matcher.tables import FloatArray, IntArray

AGE_RANGES = ((0, 18), (18, 30), (30, 40), (40, 50), (50, 60), (60, 85))
"""First age, and the age after the last, by age group."""
SCHOOL_SOON_AGES = (12, 16)
"""First age at which upper secondary school is soon needed, and the age after the last."""
OVERSAMPLING = 1.6
"""Persons drawn per person of the register: those with a probability outside 0-1 are dropped."""


def simulate_register(
    count: int, seed: int, truth: Truth | None = None, *, clipped: bool = False
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
    truth : Truth or None
        Why persons move; None means table 4 without pair effects.
    clipped : bool
        Clip probabilities instead, so that nobody is dropped and ``propensity`` is exact.

    Returns
    -------
    DataFrame
        One row per person and year, as :mod:`matcher.fitting.register` describes; also ``rural``
        (1, 0 not known, -1), ``has_school``, ``propensity`` (chance of coming to that
        municipality) and ``true_moving`` (true probability of moving within seven years).
    """
    chosen, draws = truth or Truth(), Draws(seed, "register")
    people = _people(round(OVERSAMPLING * count) + 100, draws, chosen)
    if clipped:
        people["true_moving"] = people["true_moving"].clip(0, 1)
    inside = people[people["true_moving"].between(0, 1)].head(count)
    if len(inside) < count:
        raise ValueError(f"only {len(inside)} of {count} persons have a probability from 0 to 1")
    people = inside.reset_index(drop=True)
    people.insert(0, "person", np.arange(1, count + 1))
    return _person_years(people, draws, chosen)


def _people(count: int, draws: Draws, truth: Truth) -> pd.DataFrame:
    """Draw persons with their places and the true probability of moving."""
    kind = _draw_indices(person_kinds().ravel(), draws.stream("kind"), count)
    place = _draw_indices(places()["weight"].to_numpy(), draws.stream("place"), count)
    people = pd.DataFrame(_facts(kind, draws))
    people["cohort"] = draws.stream("cohort").below(len(YEARS), count) + int(YEARS[0])
    people["rural"] = draws.stream("rural").below(3, count) - 1
    people = people.join(places().iloc[place].reset_index(drop=True))
    people = people.rename(columns={"weight": "propensity"})
    for name, fit in pair_fits(people).items():
        people[f"pair_{name}"] = fit
    people["true_moving"] = _moving(people, kind, place, draws, truth)
    return people


def _facts(kind: IntArray, draws: Draws) -> dict[str, np.ndarray]:
    """Draw the facts of each person: levels, and an age within the age group."""
    codes = np.unravel_index(kind, persons.SHAPE)
    facts = {
        variable: np.array(levels)[code]
        for code, (variable, levels) in zip(codes, persons.LEVELS.items(), strict=True)
    }
    first, end = np.array(AGE_RANGES).T
    group = codes[list(persons.LEVELS).index("age")]
    facts["age"] = first[group] + draws.stream("age").below((end - first)[group])
    return facts


def _moving(
    people: pd.DataFrame, kind: IntArray, place: IntArray, draws: Draws, truth: Truth
) -> FloatArray:
    """True probability of moving within seven years, shape (persons,)."""
    coefficients = Coefficients.read(Horizon.SEVEN_YEARS)
    person = persons.kind_effects(coefficients).ravel()[kind]
    years = coefficients.values("settlement_year", YEARS)
    cohort = years[people["cohort"].to_numpy() - int(YEARS[0])]
    mean_place = float((place_kinds() * kinds.kind_effects(coefficients)).sum())
    towns = truth.place * (_place_effects(coefficients) - mean_place) + mean_place
    # The sum of twelve uniform draws is close enough to a normal draw.
    noise = uniform(draws.stream("town"), 12 * len(towns)).reshape(-1, 12).sum(axis=1) - 6
    towns = towns + truth.between * noise
    pairs = sum(-size * people[f"pair_{name}"].to_numpy() for name, size in truth.pairs.items())
    return np.asarray(
        coefficients.effect("constant").value + person + cohort + towns[place] + pairs
    )


def _place_effects(coefficients: Coefficients) -> FloatArray:
    """Table 4's effects of each municipality, shape (municipalities,)."""
    size = np.searchsorted(kinds.SIZE_BOUNDS, places()["population"], side="right")
    levels = {
        "outmigration_quartile": places()["outmigration_quartile"],
        "continuity": places()["continuity"],
        "centrality": places()["centrality"].astype(str),
        "population": pd.Series(np.array(kinds.LEVELS["population"])[size]),
        "landsdel": places()["landsdel"],
    }
    return np.asarray(sum(coefficients.values(v, column) for v, column in levels.items()))


def pair_fits(people: pd.DataFrame) -> dict[str, FloatArray]:
    """Compute how well persons and places fit, -1 to 1, by pair effect; places can be changed.

    Parameters
    ----------
    people : DataFrame
        With ``age``, ``rural`` (1, 0 not known, -1), ``centrality`` and ``has_school``.
    """
    return {name: _FITS[name](people) for name in PAIRS}


def _school_soon_fit(people: pd.DataFrame) -> FloatArray:
    """-1 for persons who soon need upper secondary school where there is none, else 0."""
    soon = people["age"].between(*SCHOOL_SOON_AGES, inclusive="left")
    return np.asarray(np.where(soon & ~people["has_school"], -1.0, 0.0))


def _rural_or_urban_fit(people: pd.DataFrame) -> FloatArray:
    """1 where background and centrality agree, -1 where they do not, 0 in between."""
    remote = np.select([people["centrality"] >= 5, people["centrality"] <= 3], [1.0, -1.0])
    return np.asarray(people["rural"].to_numpy() * remote + 0.0)


_FITS = {"school_soon": _school_soon_fit, "rural_or_urban": _rural_or_urban_fit}


def _person_years(people: pd.DataFrame, draws: Draws, truth: Truth) -> pd.DataFrame:
    """Build a row for each year in which a person was followed; a move is in the last row."""
    count, length = len(people), len(BY_YEAR)
    moves = uniform(draws.stream("moves"), count) < people["true_moving"].to_numpy()
    when = _draw_indices(np.array(BY_YEAR), draws.stream("when"), count) + 1
    lost = np.log(uniform(draws.stream("lost"), count)) / np.log1p(-max(truth.lost, 1e-12))
    followed = np.minimum(np.floor(lost), length)
    end = np.where(moves, np.minimum(when, followed), followed).astype(np.int64)
    row = np.repeat(np.arange(count), end)
    year = np.arange(len(row)) - np.repeat(np.cumsum(end) - end, end) + 1
    out = people.iloc[row].reset_index(drop=True)
    out.insert(1, "year", year)
    out.insert(2, "moved", (moves & (when <= followed))[row] & (year == end[row]))
    return out


def _draw_indices(chances: FloatArray, draws: Draws, count: int) -> IntArray:
    """Draw indices of a list, each with its own probability."""
    steps = np.cumsum(chances) / np.sum(chances)
    return np.searchsorted(steps, uniform(draws, count)).astype(np.int64)
