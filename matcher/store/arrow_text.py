"""Typed columns as the text that a file would have for them."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]


def as_text(column: Any) -> pa.Array:
    """Write an arrow column as text: whole numbers without decimals, days without hours."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_decode()
    kind = whole.type
    if pa.types.is_string(kind):
        return whole
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) or pa.types.is_integer(kind):
        return pc.cast(whole, pa.string())
    return pa.array([cell_text(value) for value in whole.to_pylist()], pa.string())


def cell_text(value: Any) -> str | None:
    """Write one value as text; None, NaN and other ways to say *nothing* stay nothing."""
    if value is None or value != value:  # noqa: PLR0124 - NaN and NaT are not equal to themselves
        return None
    for type_, write in WRITTEN:
        if isinstance(value, type_):
            return write(value)
    return str(value)


def _decimal(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _moment(value: datetime) -> str:
    return value.isoformat(" ") if value.time() != time() else value.date().isoformat()


def _joined(values: Iterable[Any]) -> str:
    return ";".join(cell_text(value) or "" for value in values)


# In this order: a truth is also a number, and a moment also a day.
WRITTEN: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (str, str),
    (bool, lambda value: "yes" if value else "no"),
    (float, _decimal),
    (datetime, _moment),
    (date, date.isoformat),
    (list, _joined),
    (tuple, _joined),
)
