"""The solver-neutral program as arrays: which pairs are allowed, their use and their values.

All values are integers (thousandths of a point), so that sums do not depend on the order of
addition, and the values of solvers and of the score can be compared exactly.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matcher.domain.tables.array_types import BoolArray, IntArray

STEPS_PER_POINT = 1000
"""Integer steps of the program in one point."""
UNPLACED = -1
"""The value of a unit without a municipality in a choice."""
BLOCK = 2048
"""Number of units whose pairs are computed at a time, to save memory."""
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
        Which layers of the rule the columns are: those whose limit can bind. None for all.
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
        Which layers of the term the columns are: those that any unit uses. None for all.
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
        """Cost of each total, shape (groups, layers)."""
        excess = np.maximum(totals[:, :, None] - self.breakpoint, 0)
        return np.asarray(self.base + self.slope * totals + (self.step * excess).sum(axis=2))

    def slope_at(self, totals: IntArray) -> IntArray:
        """Cost of one more unit of use at the given totals, shape (groups, layers)."""
        past = totals[:, :, None] >= self.breakpoint
        return np.asarray(self.slope + (self.step * past).sum(axis=2))


def sum_use(resource: Resource | Spread, choice: Choice, groups: int) -> IntArray:
    """Sum what placed units use, by group and layer, shape (groups, layers)."""
    placed = choice != UNPLACED
    group = resource.group[choice[placed]]
    inside = group >= 0
    out = np.zeros((groups, resource.use.shape[1]), dtype=np.int64)
    np.add.at(out, group[inside], resource.use[placed][inside])
    return out


def row_blocks(unit_count: int) -> Iterator[slice]:
    """Split the rows of so many units into slices of at most ``BLOCK`` rows."""
    return (slice(start, min(start + BLOCK, unit_count)) for start in range(0, unit_count, BLOCK))


def write_rows(out: IntArray, rows: slice, values: IntArray) -> IntArray:
    """Write values into rows of zeros.

    Parameters
    ----------
    out : int array, shape (units, columns)
        Zeros in the rows.
    rows : slice
    values : int array, shape (rows, columns)

    Returns
    -------
    int array, shape (units, columns)
        ``out``, or a copy of eight-byte integers where the values do not fit into four bytes.
    """
    narrow = np.iinfo(np.int32)
    if values.min(initial=0) < narrow.min or values.max(initial=0) > narrow.max:
        out = out.astype(np.int64, copy=False)
    # Many terms concern few units: skipping rows of zeros saves time and memory.
    nonzero = values.any(axis=1)
    out[rows][nonzero] = values[nonzero]
    return out


@dataclass(frozen=True, eq=False)
class Program:
    """Everything that a solver needs, without reference to any rule.

    Parameters
    ----------
    allowed : bool array, shape (units, municipalities)
        Whether every pair rule allows the pair, equation (2).
    fits : bool array, shape (units, municipalities)
        Whether the unit, alone, is within every budget of the municipality.
    terms : mapping of int to mapping of str to int array
        Values by level and term, each broadcastable to (units, municipalities). The integers
        have four bytes where the values fit: convert to eight bytes before adding.
    resources : tuple of Resource
    spreads : tuple of Spread
        Costs that are subtracted at level 2.
    size : int array, shape (units,)
        Persons.
    days_waited : int array, shape (units,)
        Days waited, the order of the queue in today's practice.
    """

    allowed: BoolArray
    fits: BoolArray
    terms: Mapping[int, Mapping[str, IntArray]]
    resources: tuple[Resource, ...]
    spreads: tuple[Spread, ...]
    size: IntArray
    days_waited: IntArray

    @property
    def shape(self) -> tuple[int, int]:
        """Number of units and municipalities."""
        units, municipalities = self.allowed.shape
        return units, municipalities

    @cached_property
    def feasible_pairs(self) -> BoolArray:
        """Feasible pairs: allowed and fitting, shape (units, municipalities)."""
        return np.asarray(self.allowed & self.fits)

    @cached_property
    def pair_values(self) -> IntArray:
        """Value of each pair at level 2 without spread terms, shape (units, municipalities).

        The integers have four bytes where all values fit: convert to eight before adding.
        """
        term_values = list(self.terms[2].values())
        if len(term_values) == 1 and term_values[0].shape == self.shape:
            return term_values[0]
        out: IntArray = np.zeros(self.shape, dtype=np.int32)
        for rows in row_blocks(self.shape[0]):
            out = write_rows(out, rows, self._sum_terms(rows))
        return out

    def _sum_terms(self, rows: slice) -> IntArray:
        """Sum the level-2 terms of a block of units, in eight-byte integers."""
        total = np.zeros(self.allowed[rows].shape, dtype=np.int64)
        for values in self.terms[2].values():
            total += values[rows] if len(values) > 1 else values
        return total

    @cached_property
    def weight(self) -> IntArray:
        """Value of each placed unit at level 1, the same in every municipality, shape (units,).

        Raises
        ------
        ValueError
            When a level-1 term differs between municipalities.
        """
        values = sum(self.terms[1].values(), start=np.zeros((len(self.size), 1), dtype=np.int64))
        if values.shape[1] != 1:
            raise ValueError("a level-1 term must be worth the same in every municipality")
        return np.asarray(values[:, 0], dtype=np.int64)
