"""Log what does not go together in the rows of households, members and links."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

import numpy as np

from matcher.domain.contradictions import Contradiction, find_contradictions
from matcher.domain.household import Household
from matcher.files.faults import FaultLog, log_row_faults
from matcher.files.instance_assembly import assemble_households, pairs_from_table
from matcher.files.parsed_table import ParsedTable
from matcher.files.relations import ParsedTables

Place = tuple[str, str, str]
"""Table, column and code of a fault."""


def check_contradictions(tables: ParsedTables, today: date | None, log: FaultLog) -> None:
    """Log every contradiction at its row, but for rows that cannot be read whole.

    Parameters
    ----------
    tables : mapping of ParsedTable by name
        None are logged where rows of the households or members are missing.
    today : date or None
        The day that the plan is made for.
    log : FaultLog
    """
    needed = [tables[name] for name in ("households", "members") if name in tables]
    if len(needed) < 2 or not all(table.raw.complete for table in needed):
        return
    skipped = _with_unreadable_cells(tables["households"], "id")
    skipped |= _with_unreadable_cells(tables["members"], "household")
    households = [h for h in assemble_households(tables) if h.id not in skipped]
    links = pairs_from_table(tables.get("links"))
    faults: dict[Place, dict[int, Contradiction]] = defaultdict(dict)
    contradictions = find_contradictions(households, links, today)
    for (table, row), contradiction in _placed(tables, contradictions, households):
        faults[table, contradiction.column, contradiction.code].setdefault(row, contradiction)
    for (table, column, code), by_row in faults.items():
        rows = np.array(sorted(by_row), dtype=np.intp)
        log_row_faults(
            log,
            tables[table].raw,
            code,
            rows,
            column=column,
            facts=lambda row, by_row=by_row: by_row[row].facts,
        )


def _with_unreadable_cells(table: ParsedTable, owner: str) -> set[str | None]:
    """Return the households with a cell that is not what it seems: unreadable, or missing."""
    unreadable = np.zeros(len(table), dtype=np.bool_)
    for name, column in table.columns.items():
        if name in table.raw.columns:
            filled = table.raw.columns[name].is_valid().to_numpy(zero_copy_only=False)
            unreadable |= filled & (column.codes < 0)
    if "ready_since" in table.columns:
        unreadable |= table["ready_since"].codes < 0
    owners = table[owner].to_list(None)
    return {None, *(owners[row] for row in np.flatnonzero(unreadable))}


def _placed(
    tables: ParsedTables, contradictions: list[Contradiction], households: list[Household]
) -> Iterator[tuple[tuple[str, int], Contradiction]]:
    """Yield the table and row of each contradiction, and the contradiction."""
    if not contradictions:
        return
    household_rows = _rows_by_id(tables["households"])
    member_rows = _rows_by_id(tables["members"])
    for contradiction in contradictions:
        if contradiction.member is None:
            yield ("households", household_rows[contradiction.household]), contradiction
        elif contradiction.member in member_rows:
            yield ("members", member_rows[contradiction.member]), contradiction


def _rows_by_id(table: ParsedTable) -> dict[str | None, int]:
    return {identifier: row for row, identifier in enumerate(table["id"].to_list(None))}
