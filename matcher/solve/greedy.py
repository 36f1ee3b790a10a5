"""Today's practice, as a baseline: the longest waiting first, each to its best open place."""

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
    """Units by days waited, longest first; then in the order of the queue."""
    return np.argsort(-program.waited, kind="stable")


def fewest_first(program: Program) -> IntArray:
    """Units with fewest open municipalities first, the larger first among equals."""
    return np.lexsort((-program.size, program.open.sum(axis=1)))


def first_plan(program: Program) -> Choice:
    """Give a plan to start from: of two orders, the one that places more by level 1."""
    orders = (waiting_order(program), fewest_first(program))
    plans = [place_in_order(program, order) for order in orders]
    return max(plans, key=lambda plan: int(program.weight[plan != UNPLACED].sum()))


def place_in_order(
    program: Program,
    order: IntArray,
    prefer: Callable[[int, BoolArray], int] | None = None,
    beside: Choice | None = None,
) -> Choice:
    """Place units one by one, each where it fits and, unless told otherwise, has most points.

    Parameters
    ----------
    program : Program
    order : int array
        Rows of units, first to last.
    prefer : callable or None
        Chooses among the open municipalities of a unit, given as a mask.
    beside : int array, shape (units,), or None
        Where others are already.
    """
    nobody = np.full(program.shape[0], UNPLACED, dtype=np.int64)
    choice = nobody if beside is None else beside.copy()
    room = Room.beside(program, choice)
    for unit in order:
        possible = program.open[unit] & room.fits(int(unit))
        if possible.any():
            best = prefer(int(unit), possible) if prefer else _most_points(program, unit, possible)
            choice[unit] = best
            room.use(int(unit), best)
    return choice


class Limited(Protocol):
    """Something with limits: a program, or a problem."""

    @property
    def resources(self) -> tuple[Resource, ...]:
        """What is limited."""
        ...


@dataclass(frozen=True, eq=False)
class Room:
    """What is left of every resource while units are placed one by one."""

    resources: tuple[Resource, ...]
    left: tuple[IntArray, ...]

    @classmethod
    def of(cls, limited: Limited) -> "Room":
        """Start with nothing used."""
        return cls(limited.resources, tuple(r.limit.copy() for r in limited.resources))

    @classmethod
    def beside(cls, limited: Limited, choice: Choice) -> "Room":
        """Start with what the placed units of a choice use."""
        resources = limited.resources
        left = (r.limit - totals(r, choice, len(r.limit)) for r in resources)
        return cls(resources, tuple(left))

    def fits(self, unit: int, without: str | None = None) -> BoolArray:
        """Municipalities where the unit still fits, a rule left out; shape (municipalities,)."""
        masks = [
            np.all(r.use[unit] <= left, axis=1)[r.group]
            for r, left in zip(self.resources, self.left, strict=True)
            if r.id != without
        ]
        return np.asarray(np.logical_and.reduce(masks) if masks else np.True_)

    def lacking(self, unit: int) -> "Lacking":
        """What the unit would need beside what is left."""
        short = [(r, r.use[unit] - left) for r, left in zip(self.resources, self.left, strict=True)]
        return Lacking(tuple((r, lack) for r, lack in short if (lack > 0).any()))

    def copy(self) -> "Room":
        """Give the same room, to be used and freed apart from this one."""
        return Room(self.resources, tuple(left.copy() for left in self.left))

    def use(self, unit: int, municipality: int) -> None:
        """Take what the unit uses."""
        for r, left in zip(self.resources, self.left, strict=True):
            left[r.group[municipality]] -= r.use[unit]

    def free(self, unit: int, municipality: int) -> None:
        """Give back what the unit used."""
        for r, left in zip(self.resources, self.left, strict=True):
            left[r.group[municipality]] += r.use[unit]


@dataclass(frozen=True, eq=False)
class Lacking:
    """What a unit lacks of resources, (groups, layers); only of those it lacks somewhere."""

    resources: tuple[tuple[Resource, IntArray], ...]

    def makes_way(self, others: IntArray, municipality: int) -> BoolArray:
        """Which of some units, placed there, would alone make room by leaving; shape (others,)."""
        enough = np.ones(len(others), dtype=np.bool_)
        for r, lack in self.resources:
            here = lack[r.group[municipality]]
            # Who leaves only adds: layers with room enough stay so.
            short = here > 0
            if short.any():
                enough &= (r.use[others][:, short] >= here[short]).all(axis=1)
        return enough


def _most_points(program: Program, unit: int, possible: BoolArray) -> int:
    where = np.flatnonzero(possible)
    return int(where[np.argmax(program.points[unit, where])])
