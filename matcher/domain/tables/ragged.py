"""Several rows for each unit: members of a household, dwellings of a municipality."""

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Self

import numpy as np

from matcher.domain.tables.array_types import BoolArray, FloatArray, IntArray, RowIndices


@dataclass(frozen=True, eq=False)
class RaggedRows:
    """Columns with several rows for each unit, sorted by unit.

    Subclasses add columns, each an array of shape (rows,).

    Parameters
    ----------
    start : int array, shape (units + 1,)
        Unit ``i`` owns rows ``start[i]`` to ``start[i + 1]``.
    """

    start: IntArray

    @cached_property
    def count(self) -> IntArray:
        """Rows of each unit, shape (units,)."""
        return np.diff(self.start)

    @cached_property
    def unit(self) -> IntArray:
        """Unit of each row, shape (rows,)."""
        return np.repeat(np.arange(len(self.start) - 1), self.count)

    def take(self, units: RowIndices) -> Self:
        """Return the columns of the given units, in the given order."""
        units = np.asarray(units, dtype=np.int64)
        count = self.count[units]
        start = np.concatenate([[0], np.cumsum(count)])
        rows = np.repeat(self.start[units] - start[:-1], count) + np.arange(start[-1])
        columns = {f.name: getattr(self, f.name)[rows] for f in fields(self) if f.name != "start"}
        return replace(self, start=start, **columns)

    def join(self, appended: Self) -> Self:
        """Return columns with these units, then the units of ``other``."""
        start = np.concatenate([self.start, self.start[-1] + appended.start[1:]])
        columns = {
            f.name: np.concatenate([getattr(self, f.name), getattr(appended, f.name)])
            for f in fields(self)
            if f.name != "start"
        }
        return replace(self, start=start, **columns)

    def all_of(self, rows: BoolArray) -> BoolArray:
        """For each unit whether all of its rows are true; true where it has no rows.

        Parameters
        ----------
        rows : bool array, shape (rows, ...)
        """
        reduced: BoolArray = self._reduce(np.logical_and, rows, True)
        return reduced

    def any_of(self, rows: BoolArray) -> BoolArray:
        """For each unit whether any of its rows is true; false where it has no rows."""
        reduced: BoolArray = self._reduce(np.logical_or, rows, False)
        return reduced

    def sum_of(self, rows: IntArray) -> IntArray:
        """For each unit the sum of its rows, shape (units, ...)."""
        reduced: IntArray = self._reduce(np.add, rows, 0)
        return reduced

    def float_sum_of(self, rows: FloatArray) -> FloatArray:
        """For each unit the sum of its rows of floats, shape (units, ...)."""
        reduced: FloatArray = self._reduce(np.add, rows, 0.0)
        return reduced

    def max_of(self, rows: IntArray, empty: int = 0) -> IntArray:
        """For each unit the largest of its rows, ``empty`` where it has no rows."""
        reduced: IntArray = self._reduce(np.maximum, rows, empty)
        return reduced

    def float_max_of(self, rows: FloatArray, empty: float = 0.0) -> FloatArray:
        """For each unit the greatest of its rows of floats, ``empty`` where it has no rows."""
        reduced: FloatArray = self._reduce(np.maximum, rows, empty)
        return reduced

    def float_min_of(self, rows: FloatArray, empty: float = 0.0) -> FloatArray:
        """For each unit the least of its rows of floats, ``empty`` where it has no rows."""
        reduced: FloatArray = self._reduce(np.minimum, rows, empty)
        return reduced

    def _reduce(self, operation: np.ufunc, rows: Any, empty: object) -> Any:
        count, first = self.count, self.start[:-1]
        dtype = np.int64 if rows.dtype == np.bool_ and operation is np.add else rows.dtype
        out = np.full((len(count), *rows.shape[1:]), empty, dtype=dtype)
        # Most units have one row, often all of them; such rows are copied without reducing.
        single, several = count == 1, count > 1
        out[single] = rows[first[single]]
        if several.any():
            rows_of_several = rows if several.all() else rows[several[self.unit]]
            start = np.cumsum(count[several]) - count[several]
            out[several] = operation.reduceat(rows_of_several, start, axis=0)
        return out
