"""Baseline that follows today's practice: longest waiting first, each to its best open place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from matcher.program import UNPLACED, Choice, Program, Resource, totals
from matcher.solve.result import Attempt, Progress, Stop
from matcher.tables import BoolArray, IntArray


def greedy(
    program: Program, stop: Stop, seed: int, progress: Callable[[Progress], None]
) -> Attempt:
    """Place the longest waiting first, in the queue's order among equals."""
    return Attempt(place_in_order(program, waiting_order(program)))


def waiting_order(program: Program) -> IntArray:
    """Order units by days waited, longest first, then by their place in the queue."""
    return np.argsort(-program.waited, kind="stable")


def fewest_first(program: Program) -> IntArray:
    """Order units by their number of open municipalities, fewest first, then larger units first."""
    return np.lexsort((-program.size, program.open.sum(axis=1)))


def first_plan(program: Program) -> Choice:
    """Build a start plan: the better by level 1 of the plans of two orders."""
    orders = (waiting_order(program), fewest_first(program))
    plans = [place_in_order(program, order) for order in orders]
    return max(plans, key=lambda plan: int(program.weight[plan != UNPLACED].sum()))


def place_in_order(
    program: Program,
    order: IntArray,
    prefer: Callable[[int, BoolArray], int] | None = None,
    beside: Choice | None = None,
) -> Choice:
    """Place units one by one, each in the municipality with most points that has room for it.

    Parameters
    ----------
    program : Program
    order : int array
        Rows of units, first to last.
    prefer : callable or None
        Chooses among the municipalities with room for a unit, given as a mask, instead.
    beside : int array, shape (units,), or None
        A choice whose placed units keep their places.
    """
    empty = np.full(program.shape[0], UNPLACED, dtype=np.int64)
    choice = empty if beside is None else beside.copy()
    room = Room.beside(program, choice)
    for unit in order:
        possible = program.open[unit] & room.fits(int(unit))
        if possible.any():
            best = prefer(int(unit), possible) if prefer else _most_points(program, unit, possible)
            choice[unit] = best
            room.use(int(unit), best)
    return choice


class Limited(Protocol):
    """An object with resources: a program, or a problem."""

    @property
    def resources(self) -> tuple[Resource, ...]:
        """The resources with their limits."""
        ...


@dataclass(frozen=True, eq=False)
class Room:
    """Remaining capacity of every resource while units are placed one by one."""

    resources: tuple[Resource, ...]
    left: tuple[IntArray, ...]

    @classmethod
    def of(cls, limited: Limited) -> "Room":
        """Return the full capacity."""
        return cls(limited.resources, tuple(r.limit.copy() for r in limited.resources))

    @classmethod
    def beside(cls, limited: Limited, choice: Choice) -> "Room":
        """Return the capacity that the placed units of a choice leave."""
        resources = limited.resources
        remaining = (r.limit - totals(r, choice, len(r.limit)) for r in resources)
        return cls(resources, tuple(remaining))

    def fits(self, unit: int, without: str | None = None) -> BoolArray:
        """Mark municipalities with room for the unit, except by one rule; (municipalities,)."""
        masks = [
            np.all(r.use[unit] <= remaining, axis=1)[r.group]
            for r, remaining in zip(self.resources, self.left, strict=True)
            if r.id != without
        ]
        return np.asarray(np.logical_and.reduce(masks) if masks else np.True_)

    def lacking(self, unit: int) -> "Lacking":
        """Return by how much the remaining capacity is too small for the unit."""
        short = [
            (r, r.use[unit] - remaining)
            for r, remaining in zip(self.resources, self.left, strict=True)
        ]
        return Lacking(tuple((r, lack) for r, lack in short if (lack > 0).any()))

    def copy(self) -> "Room":
        """Copy the capacity; using the copy leaves this one unchanged."""
        return Room(self.resources, tuple(remaining.copy() for remaining in self.left))

    def use(self, unit: int, municipality: int) -> None:
        """Subtract the use of a unit that is placed in a municipality."""
        for r, remaining in zip(self.resources, self.left, strict=True):
            remaining[r.group[municipality]] -= r.use[unit]

    def free(self, unit: int, municipality: int) -> None:
        """Add the use of a unit that leaves a municipality."""
        for r, remaining in zip(self.resources, self.left, strict=True):
            remaining[r.group[municipality]] += r.use[unit]


@dataclass(frozen=True, eq=False)
class Lacking:
    """Capacity that a unit lacks of each resource, (groups, layers); only where it lacks any."""

    resources: tuple[tuple[Resource, IntArray], ...]

    def makes_way(self, others: IntArray, municipality: int) -> BoolArray:
        """Mark the units placed in the municipality that alone make room by leaving; (others,)."""
        enough = np.ones(len(others), dtype=np.bool_)
        for r, lack in self.resources:
            local_lack = lack[r.group[municipality]]
            # A unit that leaves only adds capacity, so layers with enough room can be ignored.
            short = local_lack > 0
            if short.any():
                enough &= (r.use[others][:, short] >= local_lack[short]).all(axis=1)
        return enough


def _most_points(program: Program, unit: int, possible: BoolArray) -> int:
    where = np.flatnonzero(possible)
    return int(where[np.argmax(program.points[unit, where])])
