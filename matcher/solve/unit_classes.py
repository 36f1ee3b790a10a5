"""Classes of identical units: units that a solver cannot tell apart, with their number.

Two units are in one class when they have the same values, the same open municipalities and the
same use of every resource and spread. The values of units that must be placed may also differ by
a constant, as that constant is gained in any municipality. Solving for how many units of a class
go to each municipality, instead of which units, is exact. The program is much smaller, and free
of the symmetry that slows branch and bound.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from matcher.domain.tables.array_types import BoolArray, IntArray
from matcher.problem.program import BLOCK, UNPLACED, Choice, Program, Resource, Spread, row_blocks

REQUIRED_WEIGHT_KEY = -1
"""Replaces the level-1 value of a required unit when classes are compared."""


@dataclass(frozen=True, eq=False)
class UnitClasses:
    """Classes of identical units.

    Parameters
    ----------
    program : Program
    class_of_unit : int array, shape (units,)
        Class of each unit.
    representative : int array, shape (classes,)
        Row of the first unit of each class in the queue; it represents the class.
    extra_value : int
        Thousandths by which required units together are worth more than the first units of their
        classes.
    """

    program: Program
    class_of_unit: IntArray
    representative: IntArray
    extra_value: int = 0

    @classmethod
    def of(cls, program: Program, required: BoolArray | None = None) -> "UnitClasses":
        """Find the classes of a program.

        Parameters
        ----------
        program : Program
        required : bool array, shape (units,), or None
            Units that must be placed; None for none.
        """
        common = _common(program, required)
        weight = (
            program.weight
            if required is None
            else np.where(required, REQUIRED_WEIGHT_KEY, program.weight)
        )
        parts: list[Resource | Spread] = [*program.resources, *program.spreads]
        keys = _as_columns([_digest(program, common), weight[:, None], *(p.use for p in parts)])
        _, first, of_unit = np.unique(_hash_rows(keys), return_index=True, return_inverse=True)
        order = np.argsort(first)
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        kind, leader = place[of_unit.reshape(-1)], first[order]
        classes = cls(program, kind, leader, int((common - common[leader[kind]]).sum()))
        return classes if classes._verify_alike(keys, common) else cls.one_per_unit(program)

    @classmethod
    def one_per_unit(cls, program: Program) -> "UnitClasses":
        """Put every unit into a class of its own."""
        units = np.arange(program.shape[0])
        return cls(program, units, units)

    def coarsen(self, max_classes: int) -> "UnitClasses":
        """Join classes with the same use, although their values differ.

        The total use stays the same, so the smaller program has almost the same prices.

        Parameters
        ----------
        max_classes : int
            Approximate number of classes to keep; at least one for each kind of use remains.
        """
        parts: list[Resource | Spread] = [*self.program.resources, *self.program.spreads]
        placeable = np.asarray(self.open.any(axis=1))[:, None]
        uses = _as_columns([placeable, *(p.use[self.representative] for p in parts)])
        _, kind = np.unique(_hash_rows(uses), return_inverse=True)
        order = np.lexsort((np.arange(len(kind)), self.open.sum(axis=1), kind))
        before = np.cumsum(self.count[order]) - self.count[order]
        part = before * max_classes // max(1, len(self.class_of_unit))
        new = np.diff(kind[order], prepend=-1).astype(np.bool_) | (np.diff(part, prepend=-1) > 0)
        group = np.empty_like(order)
        group[order] = np.cumsum(new) - 1
        return self._joined(group)

    def _joined(self, group: IntArray) -> "UnitClasses":
        """Join classes into groups, each represented by its largest class."""
        largest = np.lexsort((-self.count, group))
        leaders = largest[np.unique(group[largest], return_index=True)[1]]
        return replace(
            self,
            class_of_unit=group[self.class_of_unit],
            representative=self.representative[leaders],
        )

    @cached_property
    def count(self) -> IntArray:
        """Units of each class, shape (classes,)."""
        return np.bincount(self.class_of_unit, minlength=len(self.representative))

    @cached_property
    def open(self) -> BoolArray:
        """Pairs that can be chosen, shape (classes, municipalities)."""
        return self.program.feasible_pairs[self.representative]

    def choice_of_flows(
        self, unit_class: IntArray, municipality: IntArray, amount: IntArray
    ) -> Choice:
        """Hand out municipalities to the units of each class, in the order of the queue.

        Parameters
        ----------
        unit_class, municipality, amount : int array, shape (flows,)
            Class, municipality, and number of units of each flow.

        Raises
        ------
        ValueError
            When more of a class are placed than there are.
        """
        placed = np.bincount(unit_class, weights=amount, minlength=len(self.representative))
        if (placed > self.count).any():
            raise ValueError("more municipalities are chosen for a class than it has units")
        everyone = np.arange(len(self.class_of_unit))
        return self._distribute(unit_class, municipality, amount, everyone)

    def align_with(self, choice: Choice, target: Choice) -> Choice:
        """Reassign a choice within classes so that most units stay where another choice has them.

        Parameters
        ----------
        choice : int array, shape (units,)
            The choice to reassign.
        target : int array, shape (units,)
            The choice to agree with as far as possible.

        Returns
        -------
        int array, shape (units,)
            Has the value of ``choice``, and agrees with ``to`` wherever that is possible.
        """
        amounts, width = self.amounts(choice), self.open.shape[1]
        cell = self.class_of_unit * width + target
        targeted = np.flatnonzero(target != UNPLACED)
        targeted = targeted[np.argsort(cell[targeted], kind="stable")]
        nth = np.arange(len(targeted)) - np.searchsorted(cell[targeted], cell[targeted])
        stays = targeted[nth < amounts.reshape(-1)[cell[targeted]]]
        np.subtract.at(amounts.reshape(-1), cell[stays], 1)
        kind, municipality = np.nonzero(amounts)
        movers = np.setdiff1d(np.arange(len(target)), stays)
        out = self._distribute(kind, municipality, amounts[kind, municipality], movers)
        out[stays] = target[stays]
        return out

    def _distribute(
        self, kind: IntArray, municipality: IntArray, amount: IntArray, units: IntArray
    ) -> Choice:
        """Distribute flows over some units, class by class in the order of the queue."""
        order = np.argsort(kind, kind="stable")
        destination = np.repeat(municipality[order], amount[order])
        flow_class = np.repeat(kind[order], amount[order])
        queue = units[np.argsort(self.class_of_unit[units], kind="stable")]
        waiting = np.bincount(self.class_of_unit[units], minlength=len(self.representative))
        start = np.concatenate([[0], np.cumsum(waiting)])[flow_class]
        nth = np.arange(len(flow_class)) - np.searchsorted(flow_class, flow_class)
        out = np.full(len(self.class_of_unit), UNPLACED, dtype=np.int64)
        out[queue[start + nth]] = destination
        return out

    def amounts(self, choice: Choice) -> IntArray:
        """Count the units of each class in each municipality, shape (classes, municipalities)."""
        out = np.zeros(self.open.shape, dtype=np.int64)
        placed = choice != UNPLACED
        np.add.at(out, (self.class_of_unit[placed], choice[placed]), 1)
        return out

    def _verify_alike(self, keys: IntArray, common: IntArray) -> bool:
        """Check that the hashes are right: every unit has the values of its class."""
        program, leader = self.program, self.representative[self.class_of_unit]
        if not np.array_equal(keys, keys[leader]):
            return False
        moved = np.flatnonzero(leader != np.arange(len(leader)))
        for rows in np.array_split(moved, 1 + len(moved) // BLOCK):
            first, open_ = leader[rows], program.feasible_pairs[rows]
            expected = (common[rows] - common[first])[:, None]
            difference = program.pair_values[rows].astype(np.int64) - program.pair_values[first]
            differ = (difference != expected) & open_
            if differ.any() or (open_ != program.feasible_pairs[first]).any():
                return False
        return True


def _common(program: Program, must: BoolArray | None) -> IntArray:
    """Return the lowest value of each required unit in thousandths, 0 for others; (units,)."""
    if must is None or not must.any():
        return np.zeros(program.shape[0], dtype=np.int64)
    # Larger than any value, so that a closed pair is never the lowest.
    closed = np.int64(np.iinfo(np.int64).max)
    out = np.zeros(program.shape[0], dtype=np.int64)
    for rows in row_blocks(len(out)):
        lowest = np.where(program.feasible_pairs[rows], program.pair_values[rows], closed).min(
            axis=1
        )
        out[rows] = np.where(must[rows], lowest, 0)
    return out


def _digest(program: Program, common: IntArray) -> IntArray:
    """Hash the values of each unit to two integers, shape (units, 2)."""
    random = np.random.Generator(np.random.PCG64(1))
    mixer = random.integers(1, 2**62, size=(program.shape[1], 2)) * 2 + 1
    out = np.empty((program.shape[0], 2), dtype=np.int64)
    with np.errstate(over="ignore"):
        for rows in row_blocks(len(out)):
            values = (program.pair_values[rows] - common[rows, None]) * 2 + 1
            out[rows] = np.where(program.feasible_pairs[rows], values, 0) @ mixer
    return out


def _as_columns(parts: Sequence[IntArray | BoolArray]) -> IntArray:
    return np.concatenate(parts, axis=1).astype(np.int64, copy=False)


def _hash_rows(keys: IntArray) -> IntArray:
    """Hash each row of keys to one integer."""
    random = np.random.Generator(np.random.PCG64(2))
    with np.errstate(over="ignore"):
        return np.asarray(keys @ (random.integers(1, 2**62, size=keys.shape[1]) * 2 + 1))
