"""Places in persons: how many a municipality has open, and how many a plan leaves."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from matcher.problem import Problem
from matcher.program import UNPLACED, Choice
from matcher.shapes import NO_LIMIT, Budget
from matcher.solve.greedy import Room
from matcher.tables import IntArray


def open_places(problem: Problem, without: str | None = None) -> IntArray:
    """Persons who can come, the least over the budgets in persons, shape (municipalities,).

    Where no such budget sets a limit, the open places of the ledger.

    Parameters
    ----------
    problem : Problem
    without : str or None
        A rule to leave out.
    """
    h, m = problem.households, problem.municipalities
    limits = [b.limit(h, m)[b.group(m), 0] for b in _budgets(problem, without)]
    least = np.minimum.reduce([np.full(len(m), NO_LIMIT), *limits])
    return np.where(least < NO_LIMIT, least, m.open)


def left_places(problem: Problem, choice: Choice, without: str | None = None) -> IntArray:
    """Persons who can come beside those a plan places, shape (municipalities,); never below 0."""
    return np.asarray(np.maximum(open_places(problem, without) - _taken(problem, choice), 0))


@dataclass(frozen=True, eq=False)
class Taken:
    """What a plan takes, counted once and asked of many households in turn.

    Parameters
    ----------
    problem : Problem
    choice : int array, shape (units,)
        The plan.
    """

    problem: Problem
    choice: Choice

    @classmethod
    def nothing(cls, problem: Problem) -> Self:
        """Give a plan that places no one."""
        return cls(problem, np.full(len(problem.households), UNPLACED, dtype=np.int64))

    def room_beside(self, unit: int) -> Room:
        """What the others leave of every resource."""
        if self.choice[unit] == UNPLACED:
            return self.room
        room = self.room.copy()
        room.free(unit, int(self.choice[unit]))
        return room

    def left_beside(self, unit: int, without: str | None = None) -> IntArray:
        """Persons who can come beside the others, shape (municipalities,); a rule left out."""
        taken = self._persons.copy()
        if self.choice[unit] != UNPLACED:
            taken[self.choice[unit]] -= self.problem.households.size[unit]
        return np.asarray(np.maximum(open_places(self.problem, without) - taken, 0))

    def others_in(self, municipality: int, unit: int) -> IntArray:
        """Rows of the others that the plan has there."""
        first, last = np.searchsorted(self._sorted[1], (municipality, municipality + 1))
        there = self._sorted[0][first:last]
        return np.asarray(there[there != unit])

    def names(self, units: IntArray) -> tuple[str, ...]:
        """Identifiers of some units."""
        return tuple(self._names[unit] for unit in units.tolist())

    @cached_property
    def _names(self) -> list[str]:
        return [str(name) for name in self.problem.households.id]

    @cached_property
    def _sorted(self) -> tuple[IntArray, IntArray]:
        """Rows of units by the municipality of the plan, and those municipalities."""
        order = np.argsort(self.choice, kind="stable")
        return order, self.choice[order]

    @cached_property
    def room(self) -> Room:
        """What it leaves of every resource."""
        return Room.beside(self.problem, self.choice)

    @cached_property
    def _persons(self) -> IntArray:
        return _taken(self.problem, self.choice)


def _taken(problem: Problem, choice: Choice) -> IntArray:
    """Persons that a plan places, shape (municipalities,)."""
    placed = choice != UNPLACED
    weights, width = problem.households.size[placed], len(problem.municipalities)
    return np.bincount(choice[placed], weights=weights, minlength=width).astype(np.int64)


def _budgets(problem: Problem, without: str | None) -> Iterator[Budget]:
    return (b for b in problem.selection.budgets if b.in_persons and b.id != without)
