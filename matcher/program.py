"""The solver-neutral program: what is allowed, what it uses, what it is worth, as arrays.

All numbers are integers (thousandths of a point), so that values are the same whatever the
order of addition, and solvers and score can be compared exactly.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matcher.tables import BoolArray, IntArray

PER_POINT = 1000
"""Steps of the program's integer values in one point."""
UNPLACED = -1
"""Stands for no municipality in a choice."""
BLOCK = 2048
"""Units whose pairs are worked on at a time, to spare memory."""
Choice = IntArray
"""Row of the municipality of each unit, ``UNPLACED`` for none; shape (units,)."""


@dataclass(frozen=True, eq=False)
class Resource:
    """A budget, lowered: ``sum of use over units in the group <= limit``, equation (3).

    Parameters
    ----------
    id : str
        The rule's identifier.
    use : int array, shape (units, layers)
    group : int array, shape (municipalities,)
    limit : int array, shape (groups, layers)
    layers : int array, shape (layers,), or None
        Which of the rule's layers these are: those that can hold someone back. None for all.
    """

    id: str
    use: IntArray
    group: IntArray
    limit: IntArray
    layers: IntArray | None = None


@dataclass(frozen=True, eq=False)
class Spread:
    """A spread term, lowered: convex piecewise linear costs of totals, equation (7).

    Parameters
    ----------
    id : str
        The term's identifier.
    use : int array, shape (units, layers)
    group : int array, shape (municipalities,)
        -1 for none.
    base, slope : int array, shape (groups, layers)
    breakpoint, step : int array, shape (groups, layers, pieces)
    layers : int array, shape (layers,), or None
        Which of the term's layers these are: those that someone uses. None for all.
    """

    id: str
    use: IntArray
    group: IntArray
    base: IntArray
    slope: IntArray
    breakpoint: IntArray
    step: IntArray
    layers: IntArray | None = None

    def cost(self, totals: IntArray) -> IntArray:
        """Cost of totals, elementwise over shape (groups, layers)."""
        past = np.maximum(totals[:, :, None] - self.breakpoint, 0)
        return np.asarray(self.base + self.slope * totals + (self.step * past).sum(axis=2))

    def slope_at(self, totals: IntArray) -> IntArray:
        """Cost of the next unit of use at given totals, shape (groups, layers)."""
        past = totals[:, :, None] >= self.breakpoint
        return np.asarray(self.slope + (self.step * past).sum(axis=2))


def totals(part: Resource | Spread, choice: Choice, groups: int) -> IntArray:
    """Sum what placed units use, by group and layer, shape (groups, layers)."""
    placed = choice != UNPLACED
    group = part.group[choice[placed]]
    inside = group >= 0
    out = np.zeros((groups, part.use.shape[1]), dtype=np.int64)
    np.add.at(out, group[inside], part.use[placed][inside])
    return out


def blocks(units: int) -> Iterator[slice]:
    """Rows of so many units, block by block."""
    return (slice(start, min(start + BLOCK, units)) for start in range(0, units, BLOCK))


def put(out: IntArray, rows: slice, values: IntArray) -> IntArray:
    """Put values into rows of zeros, and give the array, a wider one where they need it.

    Parameters
    ----------
    out : int array, shape (units, columns)
        Zeros in the rows.
    rows : slice
    values : int array, shape (rows, columns)
    """
    narrow = np.iinfo(np.int32)
    if values.min(initial=0) < narrow.min or values.max(initial=0) > narrow.max:
        out = out.astype(np.int64, copy=False)
    # Many a term concerns few units; the zeros of the others take neither time nor memory.
    some = values.any(axis=1)
    out[rows][some] = values[some]
    return out


@dataclass(frozen=True, eq=False)
class Program:
    """Everything a solver needs, and nothing of any rule.

    Parameters
    ----------
    allowed : bool array, shape (units, municipalities)
        Every pair rule allows the pair, equation (2).
    fits : bool array, shape (units, municipalities)
        The unit, alone, is within every budget of the municipality.
    terms : mapping of int to mapping of str to int array
        Values by level and term, each broadcastable to (units, municipalities); of four bytes
        where they fit, so whoever adds them up adds in eight.
    resources : tuple of Resource
    spreads : tuple of Spread
        Subtracted at level 2.
    size : int array, shape (units,)
        Persons.
    waited : int array, shape (units,)
        Days waited, by which today's practice orders the queue.
    """

    allowed: BoolArray
    fits: BoolArray
    terms: Mapping[int, Mapping[str, IntArray]]
    resources: tuple[Resource, ...]
    spreads: tuple[Spread, ...]
    size: IntArray
    waited: IntArray

    @property
    def shape(self) -> tuple[int, int]:
        """Number of units and municipalities."""
        units, municipalities = self.allowed.shape
        return units, municipalities

    @cached_property
    def open(self) -> BoolArray:
        """Pairs that can be chosen at all, shape (units, municipalities)."""
        return np.asarray(self.allowed & self.fits)

    @cached_property
    def points(self) -> IntArray:
        """Value of each pair at level 2, spread terms aside, shape (units, municipalities).

        Of four bytes where all fit: widen before adding.
        """
        alone = list(self.terms[2].values())
        if len(alone) == 1 and alone[0].shape == self.shape:
            return alone[0]
        out: IntArray = np.zeros(self.shape, dtype=np.int32)
        for rows in blocks(self.shape[0]):
            out = put(out, rows, self._points(rows))
        return out

    def _points(self, rows: slice) -> IntArray:
        """Values of some units' pairs, added up where nothing can overflow."""
        total = np.zeros(self.allowed[rows].shape, dtype=np.int64)
        for values in self.terms[2].values():
            total += values[rows] if len(values) > 1 else values
        return total

    @cached_property
    def weight(self) -> IntArray:
        """Value of each unit at level 1, the same wherever it is placed, shape (units,).

        Raises
        ------
        ValueError
            When a level-1 term differs between municipalities.
        """
        values = sum(self.terms[1].values(), start=np.zeros((len(self.size), 1), dtype=np.int64))
        if values.shape[1] != 1:
            raise ValueError("a level-1 term must be worth the same in every municipality")
        return np.asarray(values[:, 0], dtype=np.int64)
