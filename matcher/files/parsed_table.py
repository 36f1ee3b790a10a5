"""Parse the cells of a table: columns of values beside the text that they were parsed from.

A column holds few distinct texts (days, ages, answers) even in a file of a million rows. An
ordinary function of one cell parses each distinct text, and each row stores the number of its
distinct value.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
from numpy.typing import NDArray

from matcher.files.cell_kinds import kind_of, parse_cell
from matcher.files.excel_cells import ERROR_VALUE, UNCALCULATED_FORMULA, column_letters
from matcher.files.faults import MAX_FAULTS_PER_CODE, FaultLog, log_row_faults
from matcher.files.headings import is_heading
from matcher.files.plain_cells import PER_CENT_FROM, CellError, find_mixed_styles, nearest_word
from matcher.files.raw_table import RawTable
from matcher.files.schema import ColumnSchema, TableSchema

PLAIN_NUMBER = r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$"


@dataclass(frozen=True, slots=True, eq=False)
class ColumnValues:
    """The values of a column: the distinct values, and for each row which of them it holds.

    Parameters
    ----------
    codes : array of int, shape (rows,)
        Index in ``distinct`` of each row's value, -1 when the cell is empty or not readable.
    distinct : sequence
        The different values.
    """

    codes: NDArray[np.int32]
    distinct: Sequence[Any]

    def to_list(self, empty: Any) -> list[Any]:
        """Return the value of every row, ``empty`` where the row has none."""
        lookup = [*self.distinct, empty]
        return [lookup[code] for code in self.codes.tolist()]

    def to_floats(self) -> NDArray[np.float64]:
        """Return the number of every row, NaN where the row has none."""
        return np.array([*self.distinct, np.nan], dtype=np.float64)[self.codes]

    def rows_where(self, selected: Sequence[bool]) -> NDArray[np.intp]:
        """Return the rows whose value is selected in ``wanted``, one boolean per distinct value."""
        return np.flatnonzero(np.array([*selected, False], dtype=np.bool_)[self.codes])


def empty_column(rows: int) -> ColumnValues:
    """Return a column whose cells are all empty."""
    return ColumnValues(np.full(rows, -1, dtype=np.int32), [])


@dataclass(slots=True)
class _Unreadable:
    """Distinct texts that cannot be read.

    ``codes`` lists all of them by fault code; ``errors`` holds the first
    ``MAX_FAULTS_PER_CODE`` of each code.
    """

    codes: dict[str, list[int]] = field(default_factory=dict)
    errors: dict[int, CellError] = field(default_factory=dict)

    def add(self, place: int, error: CellError) -> None:
        places = self.codes.setdefault(error.code, [])
        places.append(place)
        if len(places) <= MAX_FAULTS_PER_CODE:
            self.errors[place] = error.without_traceback()


def read_column(raw: RawTable, name: str, column: ColumnSchema, log: FaultLog) -> ColumnValues:
    """Read a column; texts that cannot be read become faults and empty cells."""
    text = raw.columns[name]
    if column.kind in ("number", "probability") and (numbers := _plain_numbers(text, column)):
        return numbers
    encoded = text.dictionary_encode()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32)
    texts = encoded.dictionary.to_pylist()
    values, unreadable = _read_texts(texts, column)
    readable = np.ones(len(texts) + 1, dtype=np.bool_)
    for code, places in sorted(unreadable.codes.items()):
        has_code = np.zeros(len(texts) + 1, dtype=np.bool_)
        has_code[places] = True
        readable &= ~has_code
        rows = np.flatnonzero(has_code[codes])
        log.count_omitted(raw.file, name, code, max(0, len(rows) - MAX_FAULTS_PER_CODE))
        for row in rows[:MAX_FAULTS_PER_CODE]:
            _log_unreadable(
                raw, int(row), name, unreadable.errors[int(codes[row])].diagnosed(), log
            )
    return ColumnValues(np.where(readable[codes], codes, -1).astype(np.int32), values)


def _log_unreadable(raw: RawTable, row: int, name: str, error: CellError, log: FaultLog) -> None:
    value = raw.text(name, row)
    log.add(raw.file, error.code, row=int(raw.rows[row]), column=name, value=value, **error.facts)


def _plain_numbers(text: pa.Array, column: ColumnSchema) -> ColumnValues | None:
    """Parse all numbers at once when every one is written plainly; None when any is not."""
    if not pc.all(pc.match_substring_regex(text, PLAIN_NUMBER)).as_py():
        return None
    numbers = pc.cast(text, pa.float64())
    largest = pc.max(numbers).as_py()
    if (
        largest is None
        or largest == float("inf")
        or (column.kind == "probability" and largest >= PER_CENT_FROM)
    ):
        return None
    encoded = numbers.dictionary_encode()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32)
    return ColumnValues(codes, encoded.dictionary.to_pylist())


def _read_texts(texts: list[str], column: ColumnSchema) -> tuple[list[Any], _Unreadable]:
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
        for place in find_mixed_styles(texts):
            if values[place] is not None:
                better = values[place].isoformat()
                unreadable.add(place, CellError("date.mixed", better=better))
    return values, unreadable


def check_column(
    raw: RawTable, name: str, column: ColumnSchema, values: ColumnValues, log: FaultLog
) -> None:
    """Log every cell that breaks a constraint of its column: empty, repeated or out of range."""
    text = raw.columns[name].to_pandas()
    if column.required and not column.gaps:
        log_row_faults(log, raw, "cell.empty", np.flatnonzero(text.isna()), column=name)
    if column.unique:
        # The first row of a repeated value is correct; empty cells do not count as repeated.
        repeated = text.duplicated(keep="first") & text.notna()
        log_row_faults(log, raw, "cell.twice", np.flatnonzero(repeated), column=name)
    if column.low is not None or column.high is not None:
        _check_bounds(raw, name, column, values.to_floats(), log)


def _check_bounds(
    raw: RawTable, name: str, column: ColumnSchema, numbers: NDArray[np.float64], log: FaultLog
) -> None:
    facts = {"low": _bound_text(column.low), "high": _bound_text(column.high)}
    # Comparisons with the NaN of an empty cell are false.
    if column.low is not None:
        rows = np.flatnonzero(numbers < column.low)
        log_row_faults(log, raw, "number.too_low", rows, column=name, facts=facts)
    if column.high is not None:
        rows = np.flatnonzero(numbers > column.high)
        log_row_faults(log, raw, "number.too_high", rows, column=name, facts=facts)


def _bound_text(bound: float | None) -> str:
    return "" if bound is None else f"{bound:g}"


@dataclass(frozen=True, slots=True, eq=False)
class ParsedTable:
    """The values of every column of the schema; a column that the file lacks is empty."""

    raw: RawTable
    columns: dict[str, ColumnValues]

    def __len__(self) -> int:
        return len(self.raw)

    def __getitem__(self, name: str) -> ColumnValues:
        return self.columns[name]


def parse_table(raw: RawTable, table: TableSchema, log: FaultLog) -> ParsedTable:
    """Parse and check every column of a table, each independently of the others."""
    _check_header(raw, table, log)
    columns: dict[str, ColumnValues] = {}
    for name, column in table.columns.items():
        if name not in raw.columns:
            columns[name] = empty_column(len(raw))
            continue
        columns[name] = read_column(raw, name, column, log)
        check_column(raw, name, column, columns[name], log)
    return ParsedTable(raw, columns)


def _check_header(raw: RawTable, table: TableSchema, log: FaultLog) -> None:
    for name in raw.duplicate_names:
        log.add(raw.file, "column.twice", row=1, column=name, value=name)
    for place in raw.unnamed_columns:
        log.add(raw.file, "column.unnamed", row=1, value=column_letters(place))
    missing = [name for name in table.columns if name not in raw.columns]
    others = [name for name in raw.columns if name not in table.columns]
    for name in missing:
        _log_missing(raw, name, table.columns[name], others, log)
    for name in others:
        if name.upper() == UNCALCULATED_FORMULA or ERROR_VALUE.fullmatch(name):
            code = "cell.excel_error" if ERROR_VALUE.fullmatch(name) else "cell.formula"
            log.add(raw.file, code, row=1, value=name)
            continue
        if table.other_columns:
            continue
        near = nearest_word(name, missing)
        if near is None:
            log.add(raw.file, "column.unknown", row=1, column=name, value=name)
        else:
            log.add(raw.file, "column.misspelt", row=1, column=name, value=name, nearest=near)


def _log_missing(
    raw: RawTable, name: str, column: ColumnSchema, others: Sequence[str], log: FaultLog
) -> None:
    """Log a missing column that the table needs, or that stands there under another heading."""
    likely = [other for other in others if column.headings and is_heading(other, name, column)]
    if likely:
        quoted = ", ".join(likely)
        log.add(raw.file, "column.renamed", row=1, column=name, value=quoted, likely=quoted)
    elif column.required:
        log.add(raw.file, "column.missing", row=1, column=name)
