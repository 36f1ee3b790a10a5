"""Whether placements can be told from barred facts better than chance, given the needs.

No rule or effect reads sex, origin or ground, but what is read can echo them: a language needs an
interpreter, a large family a large home. Needs are taken out by least squares; then barred facts
are dealt out again at random, many times. If the real ones explain more of what is left than
nearly all random ones, something shines through and should be looked into.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from matcher.domain import Answer
from matcher.problem import Problem
from matcher.program import Choice
from matcher.ranking_columns import stay_model
from matcher.tables import FloatArray, HouseholdTable, IntArray
from matcher.tables.build_households import PERSON_NEEDS

BARRED = ("sex", "origin", "ground")
LEAST = 5
"""Units with a level below which it counts as another one, small and mixed."""
DEALS = 999
NOTHING = 1e-9
"""What rounding leaves of an outcome that needs explain whole."""
ALARM = 0.01
"""Chance of so much by accident below which it is told as an alarm."""


@dataclass(frozen=True, slots=True)
class Finding:
    """How much of an outcome a barred fact explains, beyond what needs do.

    Parameters
    ----------
    fact : str
        ``"sex"``, ``"origin"`` or ``"ground"``.
    outcome : str
        ``"remote"`` (centrality class 5-6) or ``"stay"`` (how many leave the municipality,
        whoever they are).
    households : int
        Placing units that could be compared.
    explained, by_chance : float
        Share of the variance left over by needs that it explains, and that random ones do on
        average.
    chance : float
        How often random ones explain as much, 0-1.
    """

    fact: str
    outcome: str
    households: int
    explained: float
    by_chance: float
    chance: float

    @property
    def alarm(self) -> bool:
        """Whether accident is an unlikely explanation."""
        return self.chance <= ALARM


def audit(
    problem: Problem, choice: Choice, persons: pd.DataFrame, seed: int = 1
) -> tuple[Finding, ...]:
    """Ask of each barred fact whether it explains where units are placed.

    Parameters
    ----------
    problem : Problem
    choice : int array, shape (units,)
        The plan.
    persons : pandas.DataFrame
        From :func:`~matcher.fairness.outcomes.outcomes`.
    seed : int
        Of the random deals: same seed, same answer.
    """
    return tuple(_findings(problem, choice, persons, np.random.default_rng(seed)))


def _findings(
    problem: Problem, choice: Choice, persons: pd.DataFrame, random: np.random.Generator
) -> Iterator[Finding]:
    h, m = problem.households, problem.municipalities
    remote = np.where(m.centrality > 0, (m.centrality >= 5).astype(np.float64), np.nan)
    leaving = stay_model(problem).room(m)
    design = _needs(h)
    for fact in BARRED:
        level = _levels(persons, fact, len(h))
        for outcome, by_place in (("remote", remote), ("stay", leaving)):
            value = np.where(choice >= 0, by_place[choice], np.nan)
            rows = np.flatnonzero(~np.isnan(value))
            found = _compare(value[rows], design[rows], level[rows], random)
            yield Finding(fact, outcome, len(rows), *found)


def _needs(h: HouseholdTable) -> FloatArray:
    """What may decide: needs with what is not known of them, size, ties and time; and one."""
    answers = [getattr(h, name) for name in (*PERSON_NEEDS, "crisis_setup", "rural")]
    known = [(a == value) for a in answers for value in (Answer.YES, Answer.UNKNOWN)]
    counts = [h.size, h.children, h.minors, h.days_waited, h.days_overdue, h.days_to_move]
    ties = [h.family.count > 0, h.wishes.count > 0, h.bans.count > 0, h.pinned_to >= 0]
    columns = [np.ones(len(h)), h.size == 1, *known, *counts, *ties]
    return np.stack([np.asarray(c, dtype=np.float64) for c in columns], axis=1)


def _levels(persons: pd.DataFrame, fact: str, units: int) -> IntArray:
    """Code of each unit: the levels its members have; rare ones together."""
    levels = persons.groupby("unit")[fact].agg(lambda column: "+".join(sorted(set(column))))
    _, code, count = np.unique(levels.to_numpy(), return_inverse=True, return_counts=True)
    return np.where(count[code] < LEAST, len(count), code)


def _compare(
    value: FloatArray, design: FloatArray, level: IntArray, random: np.random.Generator
) -> tuple[float, float, float]:
    """Share that the levels explain beyond needs, that random ones do, and how often as much."""
    if len(value) == 0:
        return 0.0, 0.0, 1.0
    left = value - design @ np.linalg.lstsq(design, value, rcond=None)[0]
    left[np.abs(left) < NOTHING] = 0.0
    real = _explained(left, level)
    dealt = np.array([_explained(left, random.permutation(level)) for _ in range(DEALS)])
    chance = (1 + int((dealt >= real - NOTHING).sum())) / (1 + DEALS)
    return real, float(dealt.mean()), chance


def _explained(left: FloatArray, level: IntArray) -> float:
    """Share of the variance that lies between the levels."""
    left = left - left.mean()
    total = float(left @ left)
    count = np.bincount(level)
    sums = np.bincount(level, left)
    between = float((sums**2 / np.maximum(count, 1)).sum())
    return between / total if total > 0 else 0.0
