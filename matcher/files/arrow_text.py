"""Convert typed columns to the text that a file would hold for them."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]


def column_as_text(column: Any) -> pa.Array:
    """Write an Arrow column as text: whole numbers without decimals, days without hours."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    value_type = array.type
    if pa.types.is_string(value_type):
        return array
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
