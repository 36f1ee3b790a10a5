"""What a plan uses, and what is left of every resource and of places, counted in persons."""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, Self

import numpy as np

from matcher.domain.tables import BoolArray, IntArray
from matcher.problem.problem import Problem
from matcher.problem.program import UNPLACED, Choice, Resource, sum_use


class HasResources(Protocol):
    """An object with resources: a program, or a problem."""

    @property
    def resources(self) -> tuple[Resource, ...]:
        """The resources with their limits."""
        ...


@dataclass(frozen=True, eq=False)
class RemainingCapacity:
    """Remaining capacity of every resource while units are placed one by one."""

    resources: tuple[Resource, ...]
    remaining: tuple[IntArray, ...]

    @classmethod
    def of(cls, program: HasResources) -> "RemainingCapacity":
        """Return the full capacity."""
        return cls(program.resources, tuple(r.limit.copy() for r in program.resources))

    @classmethod
    def after_placing(cls, program: HasResources, choice: Choice) -> "RemainingCapacity":
        """Return the capacity that the placed units of a choice leave."""
        resources = program.resources
        remaining = (r.limit - sum_use(r, choice, len(r.limit)) for r in resources)
        return cls(resources, tuple(remaining))

    def fits(self, unit: int, ignored_rule: str | None = None) -> BoolArray:
        """Mark municipalities with room for the unit, except by one rule; (municipalities,)."""
        masks = [
            np.all(r.use[unit] <= remaining, axis=1)[r.group]
            for r, remaining in zip(self.resources, self.remaining, strict=True)
            if r.id != ignored_rule
        ]
        return np.asarray(np.logical_and.reduce(masks) if masks else np.True_)

    def shortfall(self, unit: int) -> "Shortfall":
        """Return by how much the remaining capacity is too small for the unit."""
        short = [
            (r, r.use[unit] - remaining)
            for r, remaining in zip(self.resources, self.remaining, strict=True)
        ]
        return Shortfall(tuple((r, lack) for r, lack in short if (lack > 0).any()))

    def copy(self) -> "RemainingCapacity":
        """Copy the capacity; using the copy leaves this one unchanged."""
        return RemainingCapacity(
            self.resources, tuple(remaining.copy() for remaining in self.remaining)
        )

    def use(self, unit: int, municipality: int) -> None:
        """Subtract the use of a unit that is placed in a municipality."""
        for r, remaining in zip(self.resources, self.remaining, strict=True):
            remaining[r.group[municipality]] -= r.use[unit]

    def free(self, unit: int, municipality: int) -> None:
        """Add the use of a unit that leaves a municipality."""
        for r, remaining in zip(self.resources, self.remaining, strict=True):
            remaining[r.group[municipality]] += r.use[unit]


@dataclass(frozen=True, eq=False)
class Shortfall:
    """Capacity that a unit lacks of each resource, (groups, layers); only where it lacks any."""

    resources: tuple[tuple[Resource, IntArray], ...]

    def freed_by(self, units: IntArray, municipality: int) -> BoolArray:
        """Mark the units placed in the municipality that alone make room by leaving; (others,)."""
        enough = np.ones(len(units), dtype=np.bool_)
        for r, lack in self.resources:
            local_lack = lack[r.group[municipality]]
            # A unit that leaves only adds capacity, so layers with enough room can be ignored.
            short = local_lack > 0
            if short.any():
                enough &= (r.use[units][:, short] >= local_lack[short]).all(axis=1)
        return enough


@dataclass(frozen=True, eq=False)
class PlanUsage:
    """The places and resources that a plan uses, counted once and queried for many households.

    Parameters
    ----------
    problem : Problem
    choice : int array, shape (units,)
        The plan.
    """

    problem: Problem
    choice: Choice

    @classmethod
    def empty(cls, problem: Problem) -> Self:
        """Build the usage of a plan that places no one."""
        return cls(problem, np.full(len(problem.households), UNPLACED, dtype=np.int64))

    def capacity_without(self, unit: int) -> RemainingCapacity:
        """Return what the plan without one unit leaves of every resource."""
        if self.choice[unit] == UNPLACED:
            return self.remaining_capacity
        room = self.remaining_capacity.copy()
        room.free(unit, int(self.choice[unit]))
        return room

    def places_without(self, units: IntArray) -> IntArray:
        """Return how many persons can come beside the plan without each one of some units.

        Parameters
        ----------
        units : int array, shape (units,)
            Rows of placing units.

        Returns
        -------
        int array, shape (units, municipalities)
            At least 0.
        """
        free = np.tile(self.problem.open_places - self._persons, (len(units), 1))
        placed = np.flatnonzero(self.choice[units] != UNPLACED)
        free[placed, self.choice[units[placed]]] += self.problem.households.size[units[placed]]
        return np.maximum(free, 0)

    def other_units_in(self, municipality: int, unit: int) -> IntArray:
        """Return the rows of the other units that the plan places in a municipality."""
        first, last = np.searchsorted(self._sorted[1], (municipality, municipality + 1))
        units = self._sorted[0][first:last]
        return np.asarray(units[units != unit])

    def unit_names(self, units: IntArray) -> tuple[str, ...]:
        """Return the identifiers of units."""
        return tuple(self._names[unit] for unit in units.tolist())

    @cached_property
    def remaining_capacity(self) -> RemainingCapacity:
        """What the plan leaves of every resource."""
        return RemainingCapacity.after_placing(self.problem, self.choice)

    @cached_property
    def _names(self) -> list[str]:
        return [str(name) for name in self.problem.households.id]

    @cached_property
    def _sorted(self) -> tuple[IntArray, IntArray]:
        """Rows of units, sorted by their municipality in the plan, and these municipalities."""
        order = np.argsort(self.choice, kind="stable")
        return order, self.choice[order]

    @cached_property
    def _persons(self) -> IntArray:
        return _placed_persons(self.problem, self.choice)


def remaining_places(problem: Problem, choice: Choice, without_rule: str | None = None) -> IntArray:
    """Return how many more persons can come beside a plan, shape (municipalities,); at least 0."""
    places = problem.open_places_without(without_rule) - _placed_persons(problem, choice)
    return np.asarray(np.maximum(places, 0))


def _placed_persons(problem: Problem, choice: Choice) -> IntArray:
    """Return how many persons a plan places, shape (municipalities,)."""
    placed = choice != UNPLACED
    weights, width = problem.households.size[placed], len(problem.municipalities)
    return np.bincount(choice[placed], weights=weights, minlength=width).astype(np.int64)
