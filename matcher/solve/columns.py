"""The program as sparse columns and rows, for solvers that do not know its structure.

A column is an open pair of a class and a municipality; its value is the number of units that go
there. Rows are classes (at most as many as the class has units), resources (use within the
limit), and spreads (total use equals the sum of its segments).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from matcher.program import Choice, Program, Resource, Spread
from matcher.solve.classes import Classes
from matcher.tables import BoolArray, IntArray


@dataclass(frozen=True, eq=False)
class Rows:
    """Sparse rows over the columns.

    Parameters
    ----------
    matrix : sparse array, shape (rows, columns)
    upper : int array, shape (rows,)
    part, group, layer : int array, shape (rows,)
        Index of the resource or spread that the row belongs to, its group and its layer.
    """

    matrix: sparse.csr_array
    upper: IntArray
    part: IntArray
    group: IntArray
    layer: IntArray


@dataclass(frozen=True, eq=False)
class Segments:
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
class Columns:
    """Sparse form of a program over all its open pairs, or over a subset of them.

    Parameters
    ----------
    classes : Classes
    kind, municipality : int array, shape (columns,)
        Class and municipality of each column.
    """

    classes: Classes
    kind: IntArray
    municipality: IntArray

    @classmethod
    def of(cls, classes: Classes, only: BoolArray | None = None) -> "Columns":
        """Build the columns of the open pairs, or of those that ``only`` marks, class by class."""
        kind, municipality = np.nonzero(classes.open if only is None else classes.open & only)
        return cls(classes, kind, municipality)

    def __len__(self) -> int:
        return len(self.kind)

    @property
    def program(self) -> Program:
        """The program whose columns these are."""
        return self.classes.program

    @cached_property
    def unit(self) -> IntArray:
        """A unit of each column's class."""
        return self.classes.first[self.kind]

    @cached_property
    def upper(self) -> IntArray:
        """Upper bound of each column: the number of units of its class."""
        return self.classes.count[self.kind]

    @cached_property
    def weight(self) -> IntArray:
        """Level-1 value of one unit in each column, in thousandths."""
        return self.program.weight[self.unit]

    @cached_property
    def points(self) -> IntArray:
        """Level-2 value of one unit in each column, in thousandths, spread terms aside."""
        return self.program.points[self.unit, self.municipality].astype(np.int64)

    @cached_property
    def kinds(self) -> sparse.csr_array:
        """Class rows: 1 where a column belongs to a class, shape (classes, columns)."""
        ones = np.ones(len(self), dtype=np.int64)
        shape = (len(self.classes.first), len(self))
        return sparse.csr_array((ones, (self.kind, np.arange(len(self)))), shape=shape)

    @cached_property
    def resources(self) -> Rows:
        """Resource rows that could bind."""
        parts = [self._resource(k, r) for k, r in enumerate(self.program.resources)]
        return _stack(parts, len(self))

    @cached_property
    def spreads(self) -> Rows:
        """Spread rows with at least one column; ``upper`` is the largest possible total."""
        parts = [self._spread(k, s) for k, s in enumerate(self.program.spreads)]
        return _stack(parts, len(self))

    @cached_property
    def segments(self) -> Segments:
        """Segments of the spread rows, in their order."""
        rows = self.spreads
        pieces = [
            _segments(self.program.spreads[p], rows, np.flatnonzero(rows.part == p))
            for p in range(len(self.program.spreads))
        ]
        base = sum(int(s.base.sum()) for s in self.program.spreads)
        joined = [np.concatenate([p[i] for p in pieces] or [_EMPTY]) for i in range(3)]
        return Segments(joined[0], joined[1], joined[2], base)

    def choice(self, amounts: IntArray) -> Choice:
        """Convert the values of the columns, shape (columns,), into a choice.

        Raises
        ------
        ValueError
            When more of a class are placed than there are.
        """
        return self.classes.choice(self.kind, self.municipality, amounts)

    def amounts(self, choice: Choice) -> IntArray:
        """Return the value of each column in a choice, shape (columns,)."""
        return self.classes.amounts(choice)[self.kind, self.municipality]

    def _resource(self, part: int, resource: Resource) -> Rows:
        rows = self._rows(part, resource)
        upper = resource.limit[rows.group, rows.layer]
        binding = rows.matrix @ self.upper > upper
        return _pick(rows, upper, binding)

    def _spread(self, part: int, spread: Spread) -> Rows:
        rows = self._rows(part, spread)
        used = np.asarray(rows.matrix.sum(axis=1)).reshape(-1) > 0
        # The upper limit counts the use of all units, also by pairs without a column here. With
        # a lower limit the last segments would be missing, and prices could exceed their slopes.
        return _pick(rows, spread.use.sum(axis=0)[rows.layer], used)

    def _rows(self, part: int, shape: Resource | Spread) -> Rows:
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
        return Rows(
            matrix, row, np.full(len(row), part), row // max(1, layers), row % max(1, layers)
        )


_EMPTY: IntArray = np.zeros(0, dtype=np.int64)


def _pick(rows: Rows, upper: IntArray, keep: BoolArray) -> Rows:
    where = np.flatnonzero(keep)
    return Rows(
        rows.matrix[where], upper[where], rows.part[where], rows.group[where], rows.layer[where]
    )


def _stack(parts: list[Rows], columns: int) -> Rows:
    if not parts:
        return Rows(sparse.csr_array((0, columns), dtype=np.int64), *([_EMPTY] * 4))
    return Rows(
        sparse.vstack([p.matrix for p in parts], format="csr"),
        np.concatenate([p.upper for p in parts]),
        np.concatenate([p.part for p in parts]),
        np.concatenate([p.group for p in parts]),
        np.concatenate([p.layer for p in parts]),
    )


def _segments(spread: Spread, rows: Rows, where: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Return row, length and slope of the segments of some rows of one spread."""
    group, layer, upper = rows.group[where], rows.layer[where], rows.upper[where]
    cuts = np.minimum(spread.breakpoint[group, layer], upper[:, None])
    edges = np.hstack([np.zeros((len(where), 1), dtype=np.int64), cuts, upper[:, None]])
    first = spread.slope[group, layer][:, None]
    slopes = np.hstack([first, first + spread.step[group, layer].cumsum(axis=1)])
    length = np.diff(edges, axis=1)
    row, piece = np.nonzero(length > 0)
    return where[row], length[row, piece], slopes[row, piece]
