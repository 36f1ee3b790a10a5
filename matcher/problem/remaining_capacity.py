"""What is left of every resource while units are placed."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from matcher.domain.tables.array_types import BoolArray, IntArray
from matcher.problem.program import Choice, Resource, sum_use


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

    def without(self, rules: Collection[str]) -> "RemainingCapacity":
        """Return the same capacity of the resources of all other rules."""
        pairs = zip(self.resources, self.remaining, strict=True)
        kept = [(r, remaining) for r, remaining in pairs if r.id not in rules]
        return RemainingCapacity(tuple(r for r, _ in kept), tuple(left for _, left in kept))

    def fits(self, unit: int) -> BoolArray:
        """Mark municipalities with room for the unit, shape (municipalities,)."""
        masks = [
            np.all(r.use[unit] <= remaining, axis=1)[r.group]
            for r, remaining in zip(self.resources, self.remaining, strict=True)
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
