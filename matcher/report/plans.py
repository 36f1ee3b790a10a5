"""Write and read plan files: the municipality and the earliest day of each household."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from matcher.domain.placement import Plan
from matcher.files.cell_kinds import FORMULA_STARTS
from matcher.files.csv_file import read_csv_stream
from matcher.files.errors import UnwritableError
from matcher.files.faults import FaultLog, FaultsError, has_errors
from matcher.files.folder import READERS
from matcher.files.instance_assembly import plan_from_table
from matcher.files.parsed_table import parse_table
from matcher.files.raw_table import RawTable, cell_text
from matcher.files.schema import schema
from matcher.files.table_files import table_bytes, write_table

TABLE = "earlier_plan"


def write_plan(rows: pd.DataFrame, path: str | Path) -> None:
    """Write a plan as CSV, Excel or Parquet, by the file ending; the write is atomic.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns household, municipality and earliest, and any others; the index is not written.
        In CSV, an apostrophe is put before other text that a spreadsheet would read as a formula.
    path : str or Path
        File to write; its folder is created when it does not exist.

    Raises
    ------
    UnwritableError
        For an unknown ending, a missing column, or an id that begins like a formula.
    """
    target = Path(path)
    cells = _plan_cells(rows, target.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_table(target, cells)


def format_plan(rows: pd.DataFrame, file: str = "plan.csv") -> bytes:
    """Return the bytes of the file that :func:`write_plan` writes.

    Parameters
    ----------
    rows : pandas.DataFrame
    file : str
        Name of the file, whose ending says the format.

    Raises
    ------
    UnwritableError
        For an unknown ending, a missing column, or an id that begins like a formula.
    """
    return table_bytes(Path(file).suffix, _plan_cells(rows, file))


def _plan_cells(rows: pd.DataFrame, file: str) -> dict[str, list[Any]]:
    required_names = schema().tables[TABLE].columns
    missing = [name for name in required_names if name not in rows.columns]
    if missing:
        raise UnwritableError(f"{file}: the plan has no column {', '.join(missing)}")
    cells = {str(name): [_cell(value) for value in rows[name].tolist()] for name in rows.columns}
    for name in required_names:
        if formula := next(filter(_like_formula, cells[name]), None):
            raise UnwritableError(f"{file}: {name} {formula!r} begins like a formula")
    if file.endswith(".csv"):
        cells = {name: [_escaped(cell) for cell in column] for name, column in cells.items()}
    return cells


def read_plan(path: str | Path) -> Plan:
    """Read the columns household, municipality and earliest of a plan file; ignore any others.

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
    return _plan(READERS[file.suffix](file, table, log), log)


def parse_plan(body: bytes, file: str = "plan.csv") -> Plan:
    """Read a plan from the bytes of a CSV file, as :func:`read_plan` reads it from the file.

    Parameters
    ----------
    body : bytes
    file : str
        Name of the file in faults.

    Raises
    ------
    FaultsError
        With every fault in the file.
    """
    log = FaultLog()
    return _plan(read_csv_stream(BytesIO(body), file, schema().tables[TABLE], log), log)


def _plan(raw: RawTable | None, log: FaultLog) -> Plan:
    table = schema().tables[TABLE]
    parsed = None if raw is None else parse_table(raw, table, log)
    if parsed is None or has_errors(log.faults()):
        raise FaultsError(log.faults())
    return plan_from_table(parsed)


def _cell(value: Any) -> Any:
    """Convert a value to text, number, bool or date; a missing value becomes None."""
    if value is None or value is pd.NaT or value is pd.NA or value != value:  # noqa: PLR0124
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    plain = value.item() if hasattr(value, "item") else value
    return cell_text(plain) if isinstance(plain, str | list | tuple) else plain


def _like_formula(cell: Any) -> bool:
    return isinstance(cell, str) and cell.startswith(FORMULA_STARTS)


def _escaped(cell: Any) -> Any:
    return f"'{cell}" if _like_formula(cell) else cell
