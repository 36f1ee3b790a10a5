"""A table as it was read from a file: columns of text, with row numbers that a person sees."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
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
    unnamed_columns : tuple of int
        Places, from 0, of the columns that have content but no name; they are not read.
    """

    file: str
    columns: dict[str, pa.Array]
    rows: NDArray[np.int64]
    complete: bool = True
    duplicate_names: tuple[str, ...] = ()
    unnamed_columns: tuple[int, ...] = ()

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
    unnamed = tuple(k for k, name in enumerate(names) if not name and _has_content(cells[k]))
    twice = tuple(name for name, count in Counter(names).items() if name and count > 1)
    has_content = np.zeros(len(rows), dtype=np.bool_)
    for column in columns.values():
        has_content |= column.is_valid().to_numpy(zero_copy_only=False)
    if not has_content.all():
        columns = {name: column.filter(pa.array(has_content)) for name, column in columns.items()}
        rows = rows[has_content]
    return RawTable(file, columns, rows, duplicate_names=twice, unnamed_columns=unnamed)


def _clean(column: Any) -> pa.Array:
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    trimmed = pc.utf8_trim_whitespace(array)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, trimmed.type), trimmed)


def _has_content(column: Any) -> bool:
    cleaned = _clean(column)
    return bool(cleaned.null_count < len(cleaned))


def header_name(text: str) -> str:
    """Normalise a column name for comparison: trimmed, in lower case."""
    return text.strip().strip("\ufeff").casefold()


def column_as_text(column: Any) -> pa.Array:
    """Write an Arrow column as text: whole numbers without decimals, days without hours."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    value_type = array.type
    if pa.types.is_string(value_type):
        return array
    if pa.types.is_binary(value_type) or pa.types.is_large_binary(value_type):
        # Some programs write text without saying that it is text; other bytes show as a fault.
        return pa.array([_bytes_text(value) for value in array.to_pylist()], pa.string())
    if (
        pa.types.is_large_string(value_type)
        or pa.types.is_string_view(value_type)
        or pa.types.is_integer(value_type)
    ):
        return pc.cast(array, pa.string())
    return pa.array([cell_text(value) for value in array.to_pylist()], pa.string())


def cell_text(value: Any) -> str | None:
    """Write one value as text; None, NaN and other missing values become None."""
    if value is None or value != value:  # noqa: PLR0124 - NaN and NaT are not equal to themselves
        return None
    for type_, write in TEXT_WRITERS:
        if isinstance(value, type_):
            return write(value)
    return str(value)


def _bytes_text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("utf-8", errors="replace")


def _float_text(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _datetime_text(value: datetime) -> str:
    return value.isoformat(" ") if value.time() != time() else value.date().isoformat()


def _joined_text(values: Iterable[Any]) -> str:
    return ";".join(cell_text(value) or "" for value in values)


# The order matters: a bool is also a number in Python, and a datetime is also a date.
TEXT_WRITERS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (str, str),
    (bool, lambda value: "yes" if value else "no"),
    (float, _float_text),
    (datetime, _datetime_text),
    (date, date.isoformat),
    (list, _joined_text),
    (tuple, _joined_text),
)
