"""Permutation test: whether barred facts explain placements, beyond what needs explain.

No rule or effect reads sex, origin or ground, but facts that are read can act as a proxy: a
language needs an interpreter, a large family needs a large home. Least squares removes the part
that needs explain. Then the barred facts are permuted at random, many times. If the real facts
explain more of the residual than nearly all permuted ones, there is a proxy to be examined.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from matcher.domain.answer import Answer
from matcher.domain.needs import HOUSEHOLD_NEEDS
from matcher.domain.tables.array_types import FloatArray, IntArray
from matcher.domain.tables.build_households import COMBINED_NEEDS
from matcher.domain.tables.households import HouseholdTable
from matcher.problem.problem import Problem
from matcher.problem.program import Choice

BARRED = ("sex", "origin", "ground")
MIN_LEVEL_UNITS = 5
"""Levels with fewer units are merged into one mixed level."""
PERMUTATIONS = 999
ROUNDING_ERROR = 1e-9
"""Residuals below this are rounding errors: the needs explain the whole outcome."""
ALARM_CHANCE = 0.01
"""A finding is an alarm when the chance of such a result by accident is at most this."""


@dataclass(frozen=True, slots=True)
class ProxyFinding:
    """How much of an outcome a barred fact explains, beyond what the needs explain.

    Parameters
    ----------
    fact : str
        ``"sex"``, ``"origin"`` or ``"ground"``.
    outcome : str
        ``"remote"`` (centrality class 5-6) or ``"stay"`` (share of reference persons who move
        away from the municipality).
    households : int
        Placing units that could be compared.
    explained, by_chance : float
        Share of the residual variance that the fact explains, and that permuted facts explain
        on average.
    chance : float
        How often permuted facts explain at least as much, 0-1.
    """

    fact: str
    outcome: str
    households: int
    explained: float
    by_chance: float
    chance: float

    @property
    def is_alarm(self) -> bool:
        """Whether chance is an unlikely explanation."""
        return self.chance <= ALARM_CHANCE


def audit_proxies(
    problem: Problem, choice: Choice, persons: pd.DataFrame, seed: int = 1
) -> tuple[ProxyFinding, ...]:
    """Test for each barred fact whether it explains where units are placed.

    Parameters
    ----------
    problem : Problem
    choice : int array, shape (units,)
        The plan.
    persons : pandas.DataFrame
        From :func:`~matcher.analysis.fairness.person_outcomes.build_person_outcomes`.
    seed : int
        Seed of the permutations: the same seed gives the same result.
    """
    return tuple(_findings(problem, choice, persons, np.random.default_rng(seed)))


def _findings(
    problem: Problem, choice: Choice, persons: pd.DataFrame, random: np.random.Generator
) -> Iterator[ProxyFinding]:
    h, m = problem.households, problem.municipalities
    remote = np.where(m.centrality > 0, (m.centrality >= 5).astype(np.float64), np.nan)
    leaving = problem.stay_model.reference_moving(m)
    design = _needs_design(h)
    for fact in BARRED:
        level = _level_codes(persons, fact, len(h))
        for outcome, by_place in (("remote", remote), ("stay", leaving)):
            value = np.where(choice >= 0, by_place[choice], np.nan)
            rows = np.flatnonzero(~np.isnan(value))
            comparison = _compare(value[rows], design[rows], level[rows], random)
            yield ProxyFinding(fact, outcome, len(rows), *comparison)


def _needs_design(h: HouseholdTable) -> FloatArray:
    """Design of the facts that may decide: needs (yes or unknown), size, ties, time, a constant."""
    names = (*COMBINED_NEEDS, *(need.id for need in HOUSEHOLD_NEEDS), "rural")
    answers = [getattr(h, name) for name in names]
    known = [(a == value) for a in answers for value in (Answer.YES, Answer.UNKNOWN)]
    counts = [h.size, h.children, h.minors, h.days_waited, h.days_overdue, h.days_to_move]
    ties = [h.family.count > 0, h.wishes.count > 0, h.bans.count > 0, h.pinned_to >= 0]
    columns = [np.ones(len(h)), h.size == 1, *known, *counts, *ties]
    return np.stack([np.asarray(c, dtype=np.float64) for c in columns], axis=1)


def _level_codes(persons: pd.DataFrame, fact: str, units: int) -> IntArray:
    """Code of each unit by the levels of its members; rare combinations share a code."""
    levels = persons.groupby("unit")[fact].agg(lambda column: "+".join(sorted(set(column))))
    _, code, count = np.unique(levels.to_numpy(), return_inverse=True, return_counts=True)
    return np.where(count[code] < MIN_LEVEL_UNITS, len(count), code)


def _compare(
    value: FloatArray, design: FloatArray, level: IntArray, random: np.random.Generator
) -> tuple[float, float, float]:
    """Share the levels explain beyond needs, mean share of permuted levels, and the p-value."""
    if len(value) == 0:
        return 0.0, 0.0, 1.0
    residual = value - design @ np.linalg.lstsq(design, value, rcond=None)[0]
    residual[np.abs(residual) < ROUNDING_ERROR] = 0.0
    real = _explained_share(residual, level)
    permuted = np.array(
        [_explained_share(residual, random.permutation(level)) for _ in range(PERMUTATIONS)]
    )
    chance = (1 + int((permuted >= real - ROUNDING_ERROR).sum())) / (1 + PERMUTATIONS)
    return real, float(permuted.mean()), chance


def _explained_share(values: FloatArray, level: IntArray) -> float:
    """Share of the variance that lies between the levels."""
    values = values - values.mean()
    total = float(values @ values)
    count = np.bincount(level)
    sums = np.bincount(level, values)
    between = float((sums**2 / np.maximum(count, 1)).sum())
    return between / total if total > 0 else 0.0
