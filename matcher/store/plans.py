"""Plan files: where each household was placed, to be read by people and read back."""

from pathlib import Path
from typing import Any

import pandas as pd

from matcher.domain import Plan
from matcher.store.arrow_text import cell_text
from matcher.store.assemble import plan_of
from matcher.store.errors import UnwritableError
from matcher.store.faults import FaultLog, FaultsError, has_errors
from matcher.store.folder import READERS
from matcher.store.kinds import FORMULA_STARTS
from matcher.store.parsed import parse_table
from matcher.store.schema import schema
from matcher.store.tabular import write_table

TABLE = "earlier_plan"


def write_plan(rows: pd.DataFrame, path: str | Path) -> None:
    """Write a plan as CSV, Excel or Parquet, by the ending; whole or not at all.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns household, municipality and earliest, and any others; the index is left out.
        In CSV, other text that a spreadsheet would take for a formula gets an apostrophe before it.
    path : str or Path
        Where; its folder is made when it is not there.

    Raises
    ------
    UnwritableError
        For an ending that is not known, a missing column, or an id that begins like a formula.
    """
    target = Path(path)
    described = schema().tables[TABLE].columns
    missing = [name for name in described if name not in rows.columns]
    if missing:
        raise UnwritableError(f"{target.name}: the plan has no column {', '.join(missing)}")
    cells = {str(name): [_cell(value) for value in rows[name].tolist()] for name in rows.columns}
    for name in described:
        if bad := next(filter(_like_formula, cells[name]), None):
            raise UnwritableError(f"{target.name}: {name} {bad!r} begins like a formula")
    if target.suffix == ".csv":
        cells = {name: [_harmless(cell) for cell in column] for name, column in cells.items()}
    target.parent.mkdir(parents=True, exist_ok=True)
    write_table(target, cells)


def read_plan(path: str | Path) -> Plan:
    """Read a plan file; columns other than household, municipality and earliest are passed over.

    Parameters
    ----------
    path : str or Path
        Ends in ``.csv``, ``.xlsx`` or ``.parquet``.

    Raises
    ------
    FaultsError
        With every fault in the file.
    """
    file, log = Path(path), FaultLog()
    table = schema().tables[TABLE]
    if file.suffix not in READERS or not file.is_file():
        log.add(file.name, "plan.missing", value=file.name)
        raise FaultsError(log.faults())
    raw = READERS[file.suffix](file, table, log)
    parsed = None if raw is None else parse_table(raw, table, log)
    if parsed is None or has_errors(log.faults()):
        raise FaultsError(log.faults())
    return plan_of(parsed)


def _cell(value: Any) -> Any:
    """Give a cell as plain text, number, truth or date; nothing for what is missing."""
    if value is None or value is pd.NaT or value is pd.NA or value != value:  # noqa: PLR0124
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    plain = value.item() if hasattr(value, "item") else value
    return cell_text(plain) if isinstance(plain, str | list | tuple) else plain


def _like_formula(cell: Any) -> bool:
    return isinstance(cell, str) and cell.startswith(FORMULA_STARTS)


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if _like_formula(cell) else cell
