"""Units that are alike in everything a solver can see: one class, with a count.

Alike means the same values, the same open municipalities and the same use of everything. Of
units that must be placed, values may also differ by the same number everywhere: it is gained
wherever they go. Solving for how many of a class go where, instead of who, is exact, much
smaller, and free of the symmetry that branch and bound suffers from.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from matcher.program import BLOCK, UNPLACED, Choice, Program, Resource, Spread, blocks
from matcher.tables import BoolArray, IntArray

MUST = -1
"""Stands for any level-1 value of units that must be placed."""


@dataclass(frozen=True, eq=False)
class Classes:
    """Classes of alike units.

    Parameters
    ----------
    program : Program
    of_unit : int array, shape (units,)
        Class of each unit.
    first : int array, shape (classes,)
        A unit of each class, the first of the queue.
    extra : int
        Thousandths that units which must be placed are worth beyond the first of their class.
    """

    program: Program
    of_unit: IntArray
    first: IntArray
    extra: int = 0

    @classmethod
    def of(cls, program: Program, must: BoolArray | None = None) -> "Classes":
        """Find the classes of a program.

        Parameters
        ----------
        program : Program
        must : bool array, shape (units,), or None
            Units that must be placed; none unless given.
        """
        common = _common(program, must)
        weight = program.weight if must is None else np.where(must, MUST, program.weight)
        parts: list[Resource | Spread] = [*program.resources, *program.spreads]
        keys = _columns([_digest(program, common), weight[:, None], *(p.use for p in parts)])
        _, first, of_unit = np.unique(_folded(keys), return_index=True, return_inverse=True)
        order = np.argsort(first)
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        kind, leader = place[of_unit.reshape(-1)], first[order]
        found = cls(program, kind, leader, int((common - common[leader[kind]]).sum()))
        return found if found._alike(keys, common) else cls.single(program)

    @classmethod
    def single(cls, program: Program) -> "Classes":
        """Give every unit a class of its own."""
        units = np.arange(program.shape[0])
        return cls(program, units, units)

    def coarser(self, most: int) -> "Classes":
        """Take units for alike that use the same, though their values differ.

        What all of them use together stays the same, so prices come out much the same, from a
        program that is much smaller.

        Parameters
        ----------
        most : int
            Classes to be left, about; at least one for each kind of use.
        """
        parts: list[Resource | Spread] = [*self.program.resources, *self.program.spreads]
        placeable = np.asarray(self.open.any(axis=1))[:, None]
        uses = _columns([placeable, *(p.use[self.first] for p in parts)])
        _, kind = np.unique(_folded(uses), return_inverse=True)
        order = np.lexsort((np.arange(len(kind)), self.open.sum(axis=1), kind))
        before = np.cumsum(self.count[order]) - self.count[order]
        part = before * most // max(1, len(self.of_unit))
        new = np.diff(kind[order], prepend=-1).astype(np.bool_) | (np.diff(part, prepend=-1) > 0)
        group = np.empty_like(order)
        group[order] = np.cumsum(new) - 1
        return self._joined(group)

    def _joined(self, group: IntArray) -> "Classes":
        """Join classes into groups, each led by its largest class."""
        largest = np.lexsort((-self.count, group))
        leaders = largest[np.unique(group[largest], return_index=True)[1]]
        return replace(self, of_unit=group[self.of_unit], first=self.first[leaders])

    @cached_property
    def count(self) -> IntArray:
        """Units of each class, shape (classes,)."""
        return np.bincount(self.of_unit, minlength=len(self.first))

    @cached_property
    def open(self) -> BoolArray:
        """Pairs that can be chosen, shape (classes, municipalities)."""
        return self.program.open[self.first]

    def choice(self, kind: IntArray, municipality: IntArray, amount: IntArray) -> Choice:
        """Hand out municipalities to the units of each class, in the order of the queue.

        Parameters
        ----------
        kind, municipality, amount : int array, shape (flows,)
            So many of a class go to a municipality.

        Raises
        ------
        ValueError
            When more of a class are placed than there are.
        """
        placed = np.bincount(kind, weights=amount, minlength=len(self.first))
        if (placed > self.count).any():
            raise ValueError("more municipalities are chosen for a class than it has units")
        everyone = np.arange(len(self.of_unit))
        return self._handed_out(kind, municipality, amount, everyone)

    def closest(self, choice: Choice, to: Choice) -> Choice:
        """Hand out what a choice has for each class again, so that most stay as in another.

        Parameters
        ----------
        choice, to : int array, shape (units,)

        Returns
        -------
        int array, shape (units,)
            Of the same worth as ``choice``, unit for unit as ``to`` wherever that is possible.
        """
        amounts, wide = self.amounts(choice), self.open.shape[1]
        cell = self.of_unit * wide + to
        there = np.flatnonzero(to != UNPLACED)
        there = there[np.argsort(cell[there], kind="stable")]
        nth = np.arange(len(there)) - np.searchsorted(cell[there], cell[there])
        stays = there[nth < amounts.reshape(-1)[cell[there]]]
        np.subtract.at(amounts.reshape(-1), cell[stays], 1)
        kind, municipality = np.nonzero(amounts)
        others = np.setdiff1d(np.arange(len(to)), stays)
        out = self._handed_out(kind, municipality, amounts[kind, municipality], others)
        out[stays] = to[stays]
        return out

    def _handed_out(
        self, kind: IntArray, municipality: IntArray, amount: IntArray, units: IntArray
    ) -> Choice:
        """Give municipalities to some units, class by class in the order of the queue."""
        order = np.argsort(kind, kind="stable")
        given = np.repeat(municipality[order], amount[order])
        giver = np.repeat(kind[order], amount[order])
        queue = units[np.argsort(self.of_unit[units], kind="stable")]
        waiting = np.bincount(self.of_unit[units], minlength=len(self.first))
        start = np.concatenate([[0], np.cumsum(waiting)])[giver]
        nth = np.arange(len(giver)) - np.searchsorted(giver, giver)
        out = np.full(len(self.of_unit), UNPLACED, dtype=np.int64)
        out[queue[start + nth]] = given
        return out

    def amounts(self, choice: Choice) -> IntArray:
        """Count how many of each class a choice has where, shape (classes, municipalities)."""
        out = np.zeros(self.open.shape, dtype=np.int64)
        placed = choice != UNPLACED
        np.add.at(out, (self.of_unit[placed], choice[placed]), 1)
        return out

    def _alike(self, keys: IntArray, common: IntArray) -> bool:
        """Check the digests' word: every unit has the values of its class."""
        program, leader = self.program, self.first[self.of_unit]
        if not np.array_equal(keys, keys[leader]):
            return False
        moved = np.flatnonzero(leader != np.arange(len(leader)))
        for rows in np.array_split(moved, 1 + len(moved) // BLOCK):
            first, open_ = leader[rows], program.open[rows]
            gap = (common[rows] - common[first])[:, None]
            apart = program.points[rows].astype(np.int64) - program.points[first]
            differ = (apart != gap) & open_
            if differ.any() or (open_ != program.open[first]).any():
                return False
        return True


def _common(program: Program, must: BoolArray | None) -> IntArray:
    """Thousandths that a unit is worth wherever it goes, 0 unless it must; shape (units,)."""
    if must is None or not must.any():
        return np.zeros(program.shape[0], dtype=np.int64)
    # Beyond any value: what is closed is nobody's lowest.
    closed = np.int64(np.iinfo(np.int64).max)
    out = np.zeros(program.shape[0], dtype=np.int64)
    for rows in blocks(len(out)):
        lowest = np.where(program.open[rows], program.points[rows], closed).min(axis=1)
        out[rows] = np.where(must[rows], lowest, 0)
    return out


def _digest(program: Program, common: IntArray) -> IntArray:
    """Two whole numbers for each unit that differ, in all likelihood, where its values do."""
    random = np.random.Generator(np.random.PCG64(1))
    mixer = random.integers(1, 2**62, size=(program.shape[1], 2)) * 2 + 1
    out = np.empty((program.shape[0], 2), dtype=np.int64)
    with np.errstate(over="ignore"):
        for rows in blocks(len(out)):
            values = (program.points[rows] - common[rows, None]) * 2 + 1
            out[rows] = np.where(program.open[rows], values, 0) @ mixer
    return out


def _columns(parts: Sequence[IntArray | BoolArray]) -> IntArray:
    return np.concatenate(parts, axis=1).astype(np.int64, copy=False)


def _folded(keys: IntArray) -> IntArray:
    """One whole number for each row of keys."""
    random = np.random.Generator(np.random.PCG64(2))
    with np.errstate(over="ignore"):
        return np.asarray(keys @ (random.integers(1, 2**62, size=keys.shape[1]) * 2 + 1))
