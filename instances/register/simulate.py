"""A register drawn from table 4: who was settled where, and who moved in which year."""

import numpy as np
import pandas as pd

from instances.draws import Draws
from instances.register.places import places, uniform
from instances.register.truth import BY_YEAR, PAIRS, Truth
from matcher.stay import Coefficients, Horizon, kinds, persons
from matcher.stay.cohort import YEARS, person_kinds, place_kinds
from matcher.tables import FloatArray, IntArray

AGES = ((0, 18), (18, 30), (30, 40), (40, 50), (50, 60), (60, 85))
"""First age and the one after the last, by age group."""
CHILD_SCHOOL = (12, 16)
"""Ages at which upper secondary school is soon needed."""
SPARE = 1.6
"""Persons drawn for each one kept: those with a probability outside 0-1 are drawn anew."""


def simulate_register(
    count: int, seed: int, truth: Truth | None = None, *, clipped: bool = False
) -> pd.DataFrame:
    """Draw a register of person-years, with the published effects as its truth.

    Persons are of the kinds of table 2, places of those of tables 1 and 7, and who comes where is
    left to chance. Persons for whom the linear model gives a probability outside 0-1 are left out,
    so that it holds exactly for the rest.

    Parameters
    ----------
    count : int
        Persons.
    seed : int
        Same seed, same register.
    truth : Truth or None
        Why they move; table 4 without pair effects unless given.
    clipped : bool
        Clip probabilities instead, so that nobody is left out and ``propensity`` is exact.

    Returns
    -------
    DataFrame
        One row a person and year, as :mod:`matcher.fitting.register` describes; also ``rural``
        (1, 0 not known, -1), ``has_school``, ``propensity`` (chance of coming to that
        municipality) and ``true_moving`` (true probability of moving within seven years).
    """
    chosen, draws = truth or Truth(), Draws(seed, "register")
    people = _people(round(SPARE * count) + 100, draws, chosen)
    if clipped:
        people["true_moving"] = people["true_moving"].clip(0, 1)
    inside = people[people["true_moving"].between(0, 1)].head(count)
    if len(inside) < count:
        raise ValueError(f"only {len(inside)} of {count} persons have a probability from 0 to 1")
    people = inside.reset_index(drop=True)
    people.insert(0, "person", np.arange(1, count + 1))
    return _years(people, draws, chosen)


def _people(count: int, draws: Draws, truth: Truth) -> pd.DataFrame:
    """Persons with their places and the true probability of moving."""
    kind = _drawn(person_kinds().ravel(), draws.stream("kind"), count)
    place = _drawn(places()["weight"].to_numpy(), draws.stream("place"), count)
    found = pd.DataFrame(_facts(kind, draws))
    found["cohort"] = draws.stream("cohort").below(len(YEARS), count) + int(YEARS[0])
    found["rural"] = draws.stream("rural").below(3, count) - 1
    found = found.join(places().iloc[place].reset_index(drop=True))
    found = found.rename(columns={"weight": "propensity"})
    for name, fit in pair_fits(found).items():
        found[f"pair_{name}"] = fit
    found["true_moving"] = _moving(found, kind, place, draws, truth)
    return found


def _facts(kind: IntArray, draws: Draws) -> dict[str, np.ndarray]:
    """Levels of every fact of each person, with an age within the group."""
    codes = np.unravel_index(kind, persons.SHAPE)
    facts = {
        variable: np.array(levels)[code]
        for code, (variable, levels) in zip(codes, persons.LEVELS.items(), strict=True)
    }
    first, end = np.array(AGES).T
    group = codes[list(persons.LEVELS).index("age")]
    facts["age"] = first[group] + draws.stream("age").below((end - first)[group])
    return facts


def _moving(
    found: pd.DataFrame, kind: IntArray, place: IntArray, draws: Draws, truth: Truth
) -> FloatArray:
    """True probability of moving within seven years, shape (persons,)."""
    coefficients = Coefficients.read(Horizon.SEVEN_YEARS)
    person = persons.kind_effects(coefficients).ravel()[kind]
    years = coefficients.values("settlement_year", YEARS)
    cohort = years[found["cohort"].to_numpy() - int(YEARS[0])]
    mean_place = float((place_kinds() * kinds.kind_effects(coefficients)).sum())
    towns = truth.place * (_place_effects(coefficients) - mean_place) + mean_place
    # The sum of twelve even draws is close enough to a normal one.
    noise = uniform(draws.stream("town"), 12 * len(towns)).reshape(-1, 12).sum(axis=1) - 6
    towns = towns + truth.between * noise
    pairs = sum(-size * found[f"pair_{name}"].to_numpy() for name, size in truth.pairs.items())
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
    """How well persons and places fit, -1 to 1, by pair effect; also of places others came to.

    Parameters
    ----------
    people : DataFrame
        With ``age``, ``rural`` (1, 0 not known, -1), ``centrality`` and ``has_school``.
    """
    return {name: _FITS[name](people) for name in PAIRS}


def _school(found: pd.DataFrame) -> FloatArray:
    """-1 for those who soon need upper secondary school where there is none."""
    soon = found["age"].between(*CHILD_SCHOOL, inclusive="left")
    return np.asarray(np.where(soon & ~found["has_school"], -1.0, 0.0))


def _rural(found: pd.DataFrame) -> FloatArray:
    """1 where background and centrality are alike, -1 where they are not; 0 between."""
    remote = np.select([found["centrality"] >= 5, found["centrality"] <= 3], [1.0, -1.0])
    return np.asarray(found["rural"].to_numpy() * remote + 0.0)


_FITS = {"school_soon": _school, "rural_or_urban": _rural}


def _years(people: pd.DataFrame, draws: Draws, truth: Truth) -> pd.DataFrame:
    """A row for each year in which a person was followed, the last one with the move if any."""
    count, length = len(people), len(BY_YEAR)
    moves = uniform(draws.stream("moves"), count) < people["true_moving"].to_numpy()
    when = _drawn(np.array(BY_YEAR), draws.stream("when"), count) + 1
    lost = np.log(uniform(draws.stream("lost"), count)) / np.log1p(-max(truth.lost, 1e-12))
    followed = np.minimum(np.floor(lost), length)
    end = np.where(moves, np.minimum(when, followed), followed).astype(np.int64)
    row = np.repeat(np.arange(count), end)
    year = np.arange(len(row)) - np.repeat(np.cumsum(end) - end, end) + 1
    out = people.iloc[row].reset_index(drop=True)
    out.insert(1, "year", year)
    out.insert(2, "moved", (moves & (when <= followed))[row] & (year == end[row]))
    return out


def _drawn(chances: FloatArray, draws: Draws, count: int) -> IntArray:
    """Places in a list of chances, each as often as its chance says."""
    steps = np.cumsum(chances) / np.sum(chances)
    return np.searchsorted(steps, uniform(draws, count)).astype(np.int64)
