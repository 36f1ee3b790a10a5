"""Measures of changes between two nights: room, points, days, and weights at level 1."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import numpy as np

from matcher.domain.tables.move_in_days import earliest_days
from matcher.jobs.night.night_pair import NightPair
from matcher.problem.plan_usage import PlanUsage
from matcher.problem.problem import Problem
from matcher.problem.program import STEPS_PER_POINT, UNPLACED
from matcher.problem.score import Score, score

STABILITY = "stability"
"""The term that counts staying itself, and is no gain of moving."""


class ChangeMeasures:
    """What the accounts of a night's changes are measured by.

    Parameters
    ----------
    pair : NightPair
        Where the data of its previous night are erased, nothing is known of room and points then.
    """

    def __init__(self, pair: NightPair) -> None:
        self._pair, self._old = pair, pair.previous_problem
        self._usage = PlanUsage(pair.problem, pair.now)
        self._old_usage = None if self._old is None else PlanUsage(self._old, pair.previous_choice)
        self._score = score(pair.problem.program, pair.now)

    def gain(self, units: Iterable[int]) -> float | None:
        """Return the points that would be lost if units stayed; None where they cannot."""
        choice = self._pair.now.copy()
        rows = list(units)
        choice[rows] = self._pair.before[rows]
        stayed = score(self._pair.problem.program, choice)
        if stayed.broken_rules or stayed.weight < self._score.weight:
            return None
        return round(_points(self._score) - _points(stayed), 1)

    def had_no_room(self, unit: int) -> bool:
        """Whether the unit's new place had no room for it the night before."""
        return self._lacked_room(self._old_usage, self._pair.now, unit, old=True)

    def has_no_room(self, unit: int) -> bool:
        """Whether the unit's old place has no room for it beside tonight's plan."""
        return self._lacked_room(self._usage, self._pair.before, unit, old=False)

    def _lacked_room(self, usage: PlanUsage | None, choice: Any, unit: int, *, old: bool) -> bool:
        """Whether a place has no room; true where that is not known."""
        row = self._old_unit(unit) if old else unit
        if choice[unit] == UNPLACED or usage is None or row is None:
            return True
        column = self._column(usage.problem, int(choice[unit]))
        fits = np.broadcast_to(usage.capacity_without(row).fits(row), self._width(usage.problem))
        return column is None or not bool(fits[column])

    def was_barred(self, unit: int) -> bool:
        """Whether a rule barred the unit's new place the night before."""
        row = self._old_unit(unit)
        if self._old is None or row is None:
            return False
        column = self._column(self._old, int(self._pair.now[unit]))
        return column is not None and not bool(self._old.program.allowed[row, column])

    def weighs_more(self, unit: int) -> bool:
        """Whether the unit weighs more at level 1 than the night before."""
        row = self._old_unit(unit)
        if self._old is None or row is None:
            return False
        return bool(self._pair.problem.program.weight[unit] > self._old.program.weight[row])

    def largest_shift(self, unit: int) -> tuple[str | None, float]:
        """Return the term that favours the new place most against the night before, in points."""
        row, pair = self._old_unit(unit), self._pair
        if self._old is None or row is None or UNPLACED in (pair.now[unit], pair.before[unit]):
            return None, 0.0
        now = self._advantage(pair.problem, unit, unit)
        before = self._advantage(self._old, row, unit)
        shifts = {term: now[term] - before.get(term, 0.0) for term in now if term != STABILITY}
        best = max(shifts, key=lambda term: (shifts[term], term), default=None)
        return best, 0.0 if best is None else shifts[best] / STEPS_PER_POINT

    def _advantage(self, problem: Problem, row: int, unit: int) -> dict[str, float]:
        """Return how much the new place is worth more than the old one, by term of the pair."""
        columns = [self._column(problem, int(c[unit])) for c in (self._pair.now, self._pair.before)]
        if None in columns:
            return {}
        shape = problem.program.shape
        pairs = {t: np.broadcast_to(v, shape) for t, v in problem.program.terms[2].items()}
        return {t: float(v[row, columns[0]]) - float(v[row, columns[1]]) for t, v in pairs.items()}

    def move_in_days(self, unit: int) -> dict[str, str]:
        """Return the first day of the unit in its new and in its old place."""
        problem = self._pair.problem
        days = earliest_days(problem.households.take([unit]), problem.municipalities)[0]
        columns = {"day": self._pair.now[unit], "old_day": self._pair.before[unit]}
        today = problem.tables.today
        return {
            name: (today + timedelta(int(days[row]))).isoformat() for name, row in columns.items()
        }

    def _old_unit(self, unit: int) -> int | None:
        """Return the unit's row the night before; None where it was another unit."""
        if self._old is None:
            return None
        rows = {self._old.households.row_of.get(h) for h in self._pair.names[unit]}
        return rows.pop() if len(rows) == 1 else None

    def _column(self, problem: Problem, row: int) -> int | None:
        number = str(self._pair.problem.municipalities.number[row])
        return problem.municipalities.row_of.get(number)

    def _width(self, problem: Problem) -> int:
        return len(problem.municipalities)


def _points(scored: Score) -> float:
    terms = (value for term, value in scored.terms.items() if term != STABILITY)
    return sum(terms) / STEPS_PER_POINT
