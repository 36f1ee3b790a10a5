"""A table as it was read from a file: columns of text, with row numbers that a person sees."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class RawTable:
    """Cells as trimmed text; empty cells are nulls and blank rows are dropped.

    Parameters
    ----------
    file : str
        Name of the file in faults.
    columns : dict of array by name
        Arrow string arrays, all equally long.
    rows : array of int, shape (rows,)
        Row numbers that a person sees: the header is row 1.
    complete : bool
        True when no row was dropped because it could not be read.
    duplicate_names : tuple of str
        Names that more than one column has; only the first column of each name is read.
    """

    file: str
    columns: dict[str, pa.Array]
    rows: NDArray[np.int64]
    complete: bool = True
    duplicate_names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def text(self, name: str, row: int) -> str:
        """Return the text of a cell by its column and its row index from 0."""
        column = self.columns.get(name)
        return "" if column is None else column[row].as_py() or ""


def build_raw_table(
    file: str, names: Sequence[str], cells: Sequence[Any], rows: NDArray[np.int64]
) -> RawTable:
    """Trim cells, make empty ones null, drop blank rows and columns without a name.

    Parameters
    ----------
    names, cells
        Column names and their arrow string arrays.
    rows : array of int
        Row number of each row.
    """
    columns: dict[str, pa.Array] = {}
    for name, column in zip(names, cells, strict=True):
        if name and name not in columns:
            columns[name] = _clean(column)
    twice = tuple(name for name, count in Counter(names).items() if name and count > 1)
    has_content = np.zeros(len(rows), dtype=np.bool_)
    for column in columns.values():
        has_content |= column.is_valid().to_numpy(zero_copy_only=False)
    if not has_content.all():
        columns = {name: column.filter(pa.array(has_content)) for name, column in columns.items()}
        rows = rows[has_content]
    return RawTable(file, columns, rows, duplicate_names=twice)


def _clean(column: Any) -> pa.Array:
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    trimmed = pc.utf8_trim_whitespace(array)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, trimmed.type), trimmed)


def header_name(text: str) -> str:
    """Normalise a column name for comparison: trimmed, in lower case."""
    return text.strip().strip("\ufeff").casefold()
