"""Whatever points to a household or a municipality must find it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from matcher.domain import WishKind
from matcher.store.faults import KEPT, FaultLog
from matcher.store.parsed import ParsedTable
from matcher.store.reform import new_numbers
from matcher.store.schema import Column, KindName, schema

Tables = Mapping[str, ParsedTable]
NAMED: Mapping[KindName, Callable[[Any], list[str]]] = {
    "bans": lambda bans: [ban.municipality for ban in bans],
    "family": lambda ties: [tie.municipality for tie in ties],
    "wishes": lambda wishes: [w.value for w in wishes if w.kind is WishKind.MUNICIPALITY],
}
"""What a cell of each kind points to; other cells point with their whole value."""


def check_references(tables: Tables, log: FaultLog) -> None:
    """Put every reference that finds nothing in the log."""
    for name, parsed in tables.items():
        for column, described in schema().tables[name].columns.items():
            if described.points_to is not None:
                _check(parsed, column, described, tables, log)


def known_keys(tables: Tables, points_to: str) -> set[str] | None:
    """Give the keys of a table; None when they cannot be told because its file is not readable.

    A key that has a fault of its own counts as known, so that one mistake is told once.
    """
    table, _, column = points_to.partition(".")
    if table not in tables or column not in tables[table].raw.columns:
        return None
    texts = tables[table].raw.columns[column].unique().to_pylist()
    return {key for text in texts if text for key in (text, text.zfill(4))}


def _check(parsed: ParsedTable, name: str, column: Column, tables: Tables, log: FaultLog) -> None:
    known = known_keys(tables, column.points_to or "")
    if known is None:
        return
    values = parsed[name]
    named = NAMED.get(column.kind, lambda value: [value])
    missing = [
        [] if v is None else [k for k in named(v) if k not in known] for v in values.distinct
    ]
    by_code: dict[str, list[bool]] = {}
    codes = [_code(m, column) for m in missing]
    for code in sorted(set(filter(None, codes))):
        by_code[code] = [c == code for c in codes]
    for code, wanted in by_code.items():
        _report(parsed, name, code, values.rows_where(wanted), missing, log)


def _code(missing: Sequence[str], column: Column) -> str:
    """Give the fault of a cell that points to what is not there; empty when all is there."""
    if not missing:
        return ""
    if column.points_to == "households.id":
        return "household.not_in_queue" if column.lenient else "household.unknown"
    if any(number in new_numbers() for number in missing):
        return "municipality.old" if column.lenient else "municipality.merged"
    return "municipality.elsewhere" if column.lenient else "municipality.unknown"


def _report(
    parsed: ParsedTable,
    name: str,
    code: str,
    rows: np.ndarray[Any, Any],
    missing: Sequence[Sequence[str]],
    log: FaultLog,
) -> None:
    for row in rows[:KEPT]:
        part = missing[int(parsed[name].codes[row])]
        old = next((number for number in part if number in new_numbers()), part[0])
        better = " / ".join(new_numbers().get(old, ()))
        parsed.fault(log, code, int(row), name, part=old, better=better)
    log.leave_out(parsed.raw.file, name, code, max(0, len(rows) - KEPT))
