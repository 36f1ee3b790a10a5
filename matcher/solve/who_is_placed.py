"""Improve level 1 of a plan, who is placed, until no insertion or exchange improves it.

Whatever stopped the search before: afterwards nobody is unplaced who fits somewhere, or who fits
where one household of less weight has a place. Beyond that, a household also makes way when it
can move elsewhere.
"""

import numpy as np

from matcher.domain.tables.array_types import BoolArray, IntArray
from matcher.problem.program import UNPLACED, Choice, Program
from matcher.problem.remaining_capacity import RemainingCapacity


def improve_who_is_placed(program: Program, choice: Choice) -> Choice:
    """Insert, exchange and move along units as long as the level-1 value rises.

    Parameters
    ----------
    program : Program
    choice : int array, shape (units,)
        Keeps all rules.

    Returns
    -------
    int array, shape (units,)
        Keeps all rules. No unplaced unit fits anywhere, alone or in exchange for a unit of less
        weight.
    """
    plan = _OpenPlan(program, choice.copy())
    waiting = [unit for unit in plan.waiting() if plan.improve(unit)]
    while waiting:
        waiting = [unit for unit in plan.waiting() if plan.improve(unit)]
    return plan.choice


class _OpenPlan:
    """A plan being improved, with the pairs that still have room."""

    def __init__(self, program: Program, choice: Choice) -> None:
        self.program, self.choice = program, choice
        self._room = RemainingCapacity.after_placing(program, choice)
        self._open = program.feasible_pairs.copy()
        self._close_full(np.arange(program.shape[1]))

    def waiting(self) -> list[int]:
        """List unplaced units that count and could be placed somewhere, the heaviest first."""
        program = self.program
        counts = (program.weight > 0) & program.feasible_pairs.any(axis=1)
        units = np.flatnonzero((self.choice == UNPLACED) & counts)
        heaviest = units[np.argsort(-program.weight[units], kind="stable")]
        return [int(unit) for unit in heaviest]

    def improve(self, unit: int) -> bool:
        """Place a unit if that raises the level-1 value; return whether it did."""
        if self._open[unit].any():
            self._place(unit, self._best(unit, self._open[unit]))
            return True
        others = self._who_could_make_way(unit)
        if any(self._move_along(unit, int(other)) for other in others[self._can_move(others)]):
            return True
        lighter = others[self.program.weight[others] < self.program.weight[unit]]
        if len(lighter):
            self._take_place_of_lightest(unit, lighter)
        return bool(len(lighter))

    def _best(self, unit: int, possible: BoolArray) -> int:
        where = np.flatnonzero(possible)
        return int(where[np.argmax(self.program.pair_values[unit, where])])

    def _who_could_make_way(self, unit: int) -> IntArray:
        """Return the placed units whose place the unit could have, each if it alone left."""
        placed = np.flatnonzero(self.choice != UNPLACED)
        where = self.choice[placed]
        enough = self.program.feasible_pairs[unit, where]
        for resource, left in zip(self._room.resources, self._room.remaining, strict=True):
            lack = (resource.use[unit] - left)[resource.group[where]]
            enough = enough & ((lack <= 0) | (lack <= resource.use[placed])).all(axis=1)
        return np.asarray(placed[enough])

    def _can_move(self, units: IntArray) -> BoolArray:
        """Mark the placed units that have room in another municipality."""
        elsewhere = self._open[units]
        elsewhere[np.arange(len(units)), self.choice[units]] = False
        return np.asarray(elsewhere.any(axis=1))

    def _move_along(self, unit: int, other: int) -> bool:
        """Place a unit where another has a place, which moves to where there is room for it."""
        where = int(self.choice[other])
        possible = self._open[other].copy()
        possible[where] = False
        self._remove(other)
        self._place(other, self._best(other, possible))
        if self._open[unit, where]:
            self._place(unit, where)
            return True
        # The place to which the other moved shares a limit with the one that it left.
        self._remove(other)
        self._place(other, where)
        return False

    def _take_place_of_lightest(self, unit: int, others: IntArray) -> None:
        """Exchange a unit with the lightest of others; among those the best place for it."""
        weight, value = self.program.weight[others], self.program.pair_values[unit]
        other = others[np.lexsort((-value[self.choice[others]].astype(np.int64), weight))[0]]
        where = int(self.choice[other])
        self._remove(int(other))
        self._place(unit, where)

    def _place(self, unit: int, municipality: int) -> None:
        self.choice[unit] = municipality
        self._room.use(unit, municipality)
        self._close_full(self._sharing(municipality))

    def _remove(self, unit: int) -> None:
        municipality = int(self.choice[unit])
        self.choice[unit] = UNPLACED
        self._room.free(unit, municipality)
        columns = self._sharing(municipality)
        self._open[:, columns] = self.program.feasible_pairs[:, columns]
        self._close_full(columns)

    def _sharing(self, municipality: int) -> IntArray:
        """Return the municipalities that share a limit with one, itself included."""
        shared = np.arange(self.program.shape[1]) == municipality
        for resource in self._room.resources:
            shared |= resource.group == resource.group[municipality]
        return np.flatnonzero(shared)

    def _close_full(self, columns: IntArray) -> None:
        """Close the pairs for which a municipality has no room left."""
        for resource, left in zip(self._room.resources, self._room.remaining, strict=True):
            for column in columns:
                room = left[resource.group[column]]
                self._open[:, column] &= (resource.use <= room).all(axis=1)
