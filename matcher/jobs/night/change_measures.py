"""Measures of changes between two nights: room, points, days, and weights at level 1."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

import numpy as np

from matcher.domain.tables.move_in_days import earliest_days
from matcher.problem.plan_usage import PlanUsage
from matcher.problem.problem import Problem
from matcher.problem.program import STEPS_PER_POINT, UNPLACED, Choice
from matcher.problem.score import Score, score

STABILITY = "stability"
"""The term that counts staying itself, and is no gain of moving."""


@dataclass(frozen=True, eq=False)
class ChangeMeasures:
    """What the accounts of a night's changes are measured by.

    Parameters
    ----------
    problem : Problem
        Tonight's.
    now, before : int array, shape (units,)
        Tonight's plan and the previous one, in tonight's rows.
    names : sequence of tuple of str
        Households of each unit.
    old_usage : PlanUsage or None
        The previous problem with its plan; None where its data are erased, so that nothing is
        known of room and points then.
    """

    problem: Problem
    now: Choice
    before: Choice
    names: Sequence[tuple[str, ...]]
    old_usage: PlanUsage | None

    @cached_property
    def _usage(self) -> PlanUsage:
        return PlanUsage(self.problem, self.now)

    @cached_property
    def _score(self) -> Score:
        return score(self.problem.program, self.now)

    @property
    def _old(self) -> Problem | None:
        return None if self.old_usage is None else self.old_usage.problem

    def gain(self, units: Iterable[int]) -> float | None:
        """Return the points that would be lost if units stayed; None where they cannot."""
        choice = self.now.copy()
        rows = list(units)
        choice[rows] = self.before[rows]
        stayed = score(self.problem.program, choice)
        if stayed.broken_rules or stayed.weight < self._score.weight:
            return None
        return round(_points(self._score) - _points(stayed), 1)

    def code_when_nothing_happened(self) -> str:
        """Return why the plan differs when nothing happened: days, a better plan, or neither."""
        stayed = score(self.problem.program, self.before)
        if stayed.broken_rules:
            return "days_passed"
        return "search" if stayed < self._score else "alike"

    def had_no_room(self, unit: int) -> bool:
        """Whether the unit's new place had no room for it the night before."""
        return self._lacked_room(self.old_usage, self.now, unit, old=True)

    def has_no_room(self, unit: int) -> bool:
        """Whether the unit's old place has no room for it beside tonight's plan."""
        return self._lacked_room(self._usage, self.before, unit, old=False)

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
        column = self._column(self._old, int(self.now[unit]))
        return column is not None and not bool(self._old.program.allowed[row, column])

    def weighs_more(self, unit: int) -> bool:
        """Whether the unit weighs more at level 1 than the night before."""
        row = self._old_unit(unit)
        if self._old is None or row is None:
            return False
        return bool(self.problem.program.weight[unit] > self._old.program.weight[row])

    def largest_shift(self, unit: int) -> tuple[str | None, float]:
        """Return the term that favours the new place most against the night before, in points."""
        row = self._old_unit(unit)
        if self._old is None or row is None or UNPLACED in (self.now[unit], self.before[unit]):
            return None, 0.0
        now = self._advantage(self.problem, unit, unit)
        before = self._advantage(self._old, row, unit)
        shifts = {term: now[term] - before.get(term, 0.0) for term in now if term != STABILITY}
        best = max(shifts, key=lambda term: (shifts[term], term), default=None)
        return best, 0.0 if best is None else shifts[best] / STEPS_PER_POINT

    def _advantage(self, problem: Problem, row: int, unit: int) -> dict[str, float]:
        """Return how much the new place is worth more than the old one, by term of the pair."""
        columns = [self._column(problem, int(c[unit])) for c in (self.now, self.before)]
        if None in columns:
            return {}
        shape = problem.program.shape
        pairs = {t: np.broadcast_to(v, shape) for t, v in problem.program.terms[2].items()}
        return {t: float(v[row, columns[0]]) - float(v[row, columns[1]]) for t, v in pairs.items()}

    def move_in_days(self, unit: int) -> dict[str, str]:
        """Return the first day of the unit in its new and in its old place."""
        problem = self.problem
        days = earliest_days(problem.households.take([unit]), problem.municipalities)[0]
        columns = {"day": self.now[unit], "old_day": self.before[unit]}
        today = problem.tables.today
        return {
            name: (today + timedelta(int(days[row]))).isoformat() for name, row in columns.items()
        }

    def _old_unit(self, unit: int) -> int | None:
        """Return the unit's row the night before; None where it was another unit."""
        if self._old is None:
            return None
        rows = {self._old.households.row_of.get(h) for h in self.names[unit]}
        return rows.pop() if len(rows) == 1 else None

    def _column(self, problem: Problem, row: int) -> int | None:
        number = str(self.problem.municipalities.number[row])
        return problem.municipalities.row_of.get(number)

    def _width(self, problem: Problem) -> int:
        return len(problem.municipalities)


def _points(scored: Score) -> float:
    terms = (value for term, value in scored.terms.items() if term != STABILITY)
    return sum(terms) / STEPS_PER_POINT
