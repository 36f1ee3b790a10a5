"""The program as sparse columns and rows, for solvers that do not know its structure.

A column is an open pair of a class and a municipality; its value is the number of units that go
there. Rows are classes (at most as many as the class has units), resources (use within the
limit), and spreads (total use equals the sum of its segments).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from matcher.domain.tables.array_types import BoolArray, IntArray
from matcher.problem.program import Choice, Program, Resource, Spread
from matcher.solve.unit_classes import UnitClasses


@dataclass(frozen=True, eq=False)
class SparseRows:
    """Sparse rows over the columns.

    Parameters
    ----------
    matrix : sparse array, shape (rows, columns)
    upper : int array, shape (rows,)
    component, group, layer : int array, shape (rows,)
        Index of the resource or spread that the row belongs to, its group and its layer.
    """

    matrix: sparse.csr_array
    upper: IntArray
    component: IntArray
    group: IntArray
    layer: IntArray


@dataclass(frozen=True, eq=False)
class CostSegments:
    """Linear pieces of the spread costs: variables from 0 to a length, each with a slope.

    Parameters
    ----------
    row : int array, shape (segments,)
        Spread row of each segment, ascending; slopes do not decrease within a row.
    length : int array, shape (segments,)
    slope : int array, shape (segments,)
        Cost of one unit of use, in thousandths.
    base : int
        Cost of all totals at 0, including those of rows without columns.
    """

    row: IntArray
    length: IntArray
    slope: IntArray
    base: int


@dataclass(frozen=True, eq=False)
class PairColumns:
    """Sparse form of a program over all its open pairs, or over a subset of them.

    Parameters
    ----------
    classes : UnitClasses
    unit_class, municipality : int array, shape (columns,)
        Class and municipality of each column.
    """

    classes: UnitClasses
    unit_class: IntArray
    municipality: IntArray

    @classmethod
    def of(cls, classes: UnitClasses, mask: BoolArray | None = None) -> "PairColumns":
        """Build the columns of the open pairs, or of those that ``only`` marks, class by class."""
        kind, municipality = np.nonzero(classes.open if mask is None else classes.open & mask)
        return cls(classes, kind, municipality)

    def __len__(self) -> int:
        return len(self.unit_class)

    @property
    def program(self) -> Program:
        """The program whose columns these are."""
        return self.classes.program

    @cached_property
    def unit(self) -> IntArray:
        """A unit of each column's class."""
        return self.classes.representative[self.unit_class]

    @cached_property
    def upper(self) -> IntArray:
        """Upper bound of each column: the number of units of its class."""
        return self.classes.count[self.unit_class]

    @cached_property
    def weight(self) -> IntArray:
        """Level-1 value of one unit in each column, in thousandths."""
        return self.program.weight[self.unit]

    @cached_property
    def points(self) -> IntArray:
        """Level-2 value of one unit in each column, in thousandths, spread terms aside."""
        return self.program.pair_values[self.unit, self.municipality].astype(np.int64)

    @cached_property
    def class_rows(self) -> sparse.csr_array:
        """Class rows: 1 where a column belongs to a class, shape (classes, columns)."""
        ones = np.ones(len(self), dtype=np.int64)
        shape = (len(self.classes.representative), len(self))
        return sparse.csr_array((ones, (self.unit_class, np.arange(len(self)))), shape=shape)

    @cached_property
    def resource_rows(self) -> SparseRows:
        """Resource rows that could bind."""
        parts = [self._resource(k, r) for k, r in enumerate(self.program.resources)]
        return _stack(parts, len(self))

    @cached_property
    def spread_rows(self) -> SparseRows:
        """Spread rows with at least one column; ``upper`` is the largest possible total."""
        parts = [self._spread(k, s) for k, s in enumerate(self.program.spreads)]
        return _stack(parts, len(self))

    @cached_property
    def segments(self) -> CostSegments:
        """Segments of the spread rows, in their order."""
        rows = self.spread_rows
        pieces = [
            _segments(self.program.spreads[p], rows, np.flatnonzero(rows.component == p))
            for p in range(len(self.program.spreads))
        ]
        base = sum(int(s.base.sum()) for s in self.program.spreads)
        joined = [np.concatenate([p[i] for p in pieces] or [_EMPTY]) for i in range(3)]
        return CostSegments(joined[0], joined[1], joined[2], base)

    def choice(self, amounts: IntArray) -> Choice:
        """Convert the values of the columns, shape (columns,), into a choice.

        Raises
        ------
        ValueError
            When more of a class are placed than there are.
        """
        return self.classes.choice_of_flows(self.unit_class, self.municipality, amounts)

    def amounts(self, choice: Choice) -> IntArray:
        """Return the value of each column in a choice, shape (columns,)."""
        return self.classes.amounts(choice)[self.unit_class, self.municipality]

    def _resource(self, part: int, resource: Resource) -> SparseRows:
        rows = self._rows(part, resource)
        upper = resource.limit[rows.group, rows.layer]
        binding = rows.matrix @ self.upper > upper
        return _pick(rows, upper, binding)

    def _spread(self, part: int, spread: Spread) -> SparseRows:
        rows = self._rows(part, spread)
        used = np.asarray(rows.matrix.sum(axis=1)).reshape(-1) > 0
        # The upper limit counts the use of all units, also by pairs without a column here. With
        # a lower limit the last segments would be missing, and prices could exceed their slopes.
        return _pick(rows, spread.use.sum(axis=0)[rows.layer], used)

    def _rows(self, part: int, shape: Resource | Spread) -> SparseRows:
        """Build all rows of a resource or spread, one for each group and layer."""
        layers, groups = shape.use.shape[1], int(shape.group.max(initial=-1)) + 1
        group = shape.group[self.municipality]
        use = shape.use[self.unit] * (group >= 0)[:, None]
        column, layer = np.nonzero(use)
        matrix = sparse.csr_array(
            (use[column, layer], (group[column] * layers + layer, column)),
            shape=(groups * layers, len(self)),
        )
        row = np.arange(groups * layers)
        return SparseRows(
            matrix, row, np.full(len(row), part), row // max(1, layers), row % max(1, layers)
        )


_EMPTY: IntArray = np.zeros(0, dtype=np.int64)


def _pick(rows: SparseRows, upper: IntArray, keep: BoolArray) -> SparseRows:
    where = np.flatnonzero(keep)
    return SparseRows(
        rows.matrix[where],
        upper[where],
        rows.component[where],
        rows.group[where],
        rows.layer[where],
    )


def _stack(parts: list[SparseRows], columns: int) -> SparseRows:
    if not parts:
        return SparseRows(sparse.csr_array((0, columns), dtype=np.int64), *([_EMPTY] * 4))
    return SparseRows(
        sparse.vstack([p.matrix for p in parts], format="csr"),
        np.concatenate([p.upper for p in parts]),
        np.concatenate([p.component for p in parts]),
        np.concatenate([p.group for p in parts]),
        np.concatenate([p.layer for p in parts]),
    )


def _segments(
    spread: Spread, rows: SparseRows, where: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Return row, length and slope of the segments of some rows of one spread."""
    group, layer, upper = rows.group[where], rows.layer[where], rows.upper[where]
    cuts = np.minimum(spread.breakpoint[group, layer], upper[:, None])
    edges = np.hstack([np.zeros((len(where), 1), dtype=np.int64), cuts, upper[:, None]])
    first = spread.slope[group, layer][:, None]
    slopes = np.hstack([first, first + spread.step[group, layer].cumsum(axis=1)])
    length = np.diff(edges, axis=1)
    row, piece = np.nonzero(length > 0)
    return where[row], length[row, piece], slopes[row, piece]
