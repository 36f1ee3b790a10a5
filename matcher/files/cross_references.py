"""Check that every household and municipality that a cell refers to exists."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from matcher.domain.household import WishKind
from matcher.files.faults import FaultLog, log_row_faults
from matcher.files.municipality_reform import new_numbers
from matcher.files.parsed_table import ParsedTable
from matcher.files.schema import ColumnSchema, KindName, schema

ParsedTables = Mapping[str, ParsedTable]
KEYS_OF_CELL: Mapping[KindName, Callable[[Any], list[str]]] = {
    "bans": lambda bans: [ban.municipality for ban in bans],
    "family": lambda ties: [tie.municipality for tie in ties],
    "wishes": lambda wishes: [w.value for w in wishes if w.kind is WishKind.MUNICIPALITY],
}
"""The keys that a cell of each kind refers to; in other kinds the whole value is the key."""


def check_references(tables: ParsedTables, log: FaultLog) -> None:
    """Log every reference to a household or municipality that does not exist."""
    for name, parsed in tables.items():
        for column, described in schema().tables[name].columns.items():
            if described.points_to is not None:
                _check(parsed, column, described, tables, log)


def known_keys(tables: ParsedTables, points_to: str) -> set[str] | None:
    """Return the keys of a table; None when a part of its file cannot be read.

    A key that has a fault of its own counts as known, so that a mistake is reported only once.
    """
    table, _, column = points_to.partition(".")
    if table not in tables or not tables[table].raw.complete:
        return None
    if column not in tables[table].raw.columns:
        return None
    texts = tables[table].raw.columns[column].unique().to_pylist()
    return {key for text in texts if text for key in (text, text.zfill(4))}


def _check(
    parsed: ParsedTable, name: str, column: ColumnSchema, tables: ParsedTables, log: FaultLog
) -> None:
    known = known_keys(tables, column.points_to or "")
    if known is None:
        return
    values = parsed[name]
    missing = [_missing(value, column, known) for value in values.distinct]
    codes = [_code(keys, column) for keys in missing]

    def facts(row: int) -> dict[str, str]:
        return _facts(missing[values.codes[row]])

    for code in sorted(set(filter(None, codes))):
        rows = values.rows_where([c == code for c in codes])
        log_row_faults(log, parsed.raw, code, rows, column=name, facts=facts)


def _missing(value: Any, column: ColumnSchema, known: set[str]) -> tuple[str, ...]:
    if value is None:
        return ()
    if column.kind not in KEYS_OF_CELL:
        return () if value in known else (value,)
    return tuple(key for key in KEYS_OF_CELL[column.kind](value) if key not in known)


def _code(missing: Sequence[str], column: ColumnSchema) -> str:
    """Return the fault code of a cell by its missing keys; empty when no key is missing."""
    if not missing:
        return ""
    if column.points_to == "households.id":
        return "household.not_in_queue" if column.lenient else "household.unknown"
    if any(number in new_numbers() for number in missing):
        return "municipality.old" if column.lenient else "municipality.merged"
    return "municipality.elsewhere" if column.lenient else "municipality.unknown"


def _facts(missing: Sequence[str]) -> dict[str, str]:
    part = next((number for number in missing if number in new_numbers()), missing[0])
    return {"part": part, "better": " / ".join(new_numbers().get(part, ()))}
