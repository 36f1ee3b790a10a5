"""From the text of a column to its values: every distinct text is read once.

Columns hold few distinct texts (days, ages, answers) even in a file of a million rows, so each
is read by an ordinary function of one cell, and rows refer to the distinct values by number.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
from numpy.typing import NDArray

from matcher.store.cell_error import CellError
from matcher.store.dates import mixed_styles
from matcher.store.faults import KEPT, FaultLog
from matcher.store.kinds import kind_of, parse_cell
from matcher.store.numbers import PER_CENT_FROM
from matcher.store.raw import RawTable
from matcher.store.schema import Column

PLAIN_NUMBER = r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$"


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """A column's values.

    Parameters
    ----------
    codes : array of int, shape (rows,)
        Place in ``distinct`` of each row's value, -1 when empty or not readable.
    distinct : sequence
        The different values.
    """

    codes: NDArray[np.int32]
    distinct: Sequence[Any]

    def listed(self, empty: Any) -> list[Any]:
        """Give every row's value, ``empty`` where there is none."""
        lookup = [*self.distinct, empty]
        return [lookup[code] for code in self.codes.tolist()]

    def floats(self) -> NDArray[np.float64]:
        """Give every row's number, NaN where there is none."""
        return np.array([*self.distinct, np.nan], dtype=np.float64)[self.codes]

    def rows_where(self, wanted: Sequence[bool]) -> NDArray[np.intp]:
        """Give the rows whose value is marked in ``wanted``, one mark a distinct value."""
        return np.flatnonzero(np.array([*wanted, False], dtype=np.bool_)[self.codes])


def no_values(rows: int) -> Values:
    """Give a column with nothing in it."""
    return Values(np.full(rows, -1, dtype=np.int32), [])


@dataclass(slots=True)
class _Unreadable:
    """Distinct texts that cannot be read: all of them by code, the first of each code in full."""

    codes: dict[str, list[int]] = field(default_factory=dict)
    errors: dict[int, CellError] = field(default_factory=dict)

    def add(self, place: int, error: CellError) -> None:
        places = self.codes.setdefault(error.code, [])
        places.append(place)
        if len(places) <= KEPT:
            self.errors[place] = error.light()


def read_column(raw: RawTable, name: str, column: Column, log: FaultLog) -> Values:
    """Read a column; texts that cannot be read become faults and count as empty."""
    text = raw.columns[name]
    if column.kind in ("number", "probability") and (fast := _plain_numbers(text, column)):
        return fast
    encoded = text.dictionary_encode()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32)
    texts = encoded.dictionary.to_pylist()
    values, unreadable = _read_texts(texts, column)
    readable = np.ones(len(texts) + 1, dtype=np.bool_)
    for code, places in sorted(unreadable.codes.items()):
        marked = np.zeros(len(texts) + 1, dtype=np.bool_)
        marked[places] = True
        readable &= ~marked
        rows = np.flatnonzero(marked[codes])
        log.leave_out(raw.file, name, code, max(0, len(rows) - KEPT))
        for row in rows[:KEPT]:
            _tell(raw, int(row), name, unreadable.errors[int(codes[row])].examined(), log)
    return Values(np.where(readable[codes], codes, -1).astype(np.int32), values)


def _tell(raw: RawTable, row: int, name: str, error: CellError, log: FaultLog) -> None:
    value = raw.text(name, row)
    log.add(raw.file, error.code, row=int(raw.rows[row]), column=name, value=value, **error.facts)


def _plain_numbers(text: pa.Array, column: Column) -> Values | None:
    """Read numbers in one go when all of them are plain; None when any is not."""
    if not pc.all(pc.match_substring_regex(text, PLAIN_NUMBER)).as_py():
        return None
    numbers = pc.cast(text, pa.float64())
    high = pc.max(numbers).as_py()
    if (
        high is None
        or high == float("inf")
        or (column.kind == "probability" and high >= PER_CENT_FROM)
    ):
        return None
    encoded = numbers.dictionary_encode()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32)
    return Values(codes, encoded.dictionary.to_pylist())


def _read_texts(texts: list[str], column: Column) -> tuple[list[Any], _Unreadable]:
    kind = kind_of(column)
    values: list[Any] = []
    unreadable = _Unreadable()
    for place, text in enumerate(texts):
        try:
            values.append(parse_cell(text, kind))
        except CellError as error:
            values.append(None)
            unreadable.add(place, error)
    if column.kind == "date":
        for place in mixed_styles(texts):
            if values[place] is not None:
                better = values[place].isoformat()
                unreadable.add(place, CellError("date.mixed", better=better))
    return values, unreadable
