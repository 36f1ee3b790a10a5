"""Write cells as CSV, Excel or Parquet, by the file ending; the same cells give the same bytes."""

import csv
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import xlsxwriter

from matcher.files.errors import UnwritableError

TableCells = Mapping[str, Sequence[Any]]
SHEET_ROWS = 1_048_575
"""Rows below the header that an Excel sheet holds."""
SHEET_TEXT = 32_767
"""Characters that an Excel cell holds."""


def write_table(path: Path, cells: TableCells) -> None:
    """Write one table to a file; the write is atomic.

    Parameters
    ----------
    path : Path
        Ends in ``.csv``, ``.xlsx`` or ``.parquet``.
    cells : mapping of columns by name
        Text, numbers, dates and booleans; None is an empty cell.

    Raises
    ------
    UnwritableError
        For another ending, or cells that an Excel sheet cannot hold.
    """
    if path.suffix not in WRITERS:
        known = ", ".join(WRITERS)
        raise UnwritableError(f"{path.name}: the ending must be one of {known}")
    with _atomic_replacement(path) as unfinished:
        WRITERS[path.suffix](unfinished, cells)


@contextmanager
def _atomic_replacement(path: Path) -> Iterator[Path]:
    """Yield a temporary file to write to; it replaces ``path`` when no error is raised."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as stream:
        unfinished = Path(stream.name)
    try:
        yield unfinished
        os.chmod(unfinished, 0o644)  # noqa: PTH101 - temporary files are created private
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _write_csv(path: Path, cells: TableCells) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(cells)
        writer.writerows(zip(*cells.values(), strict=True))


def _write_xlsx(path: Path, cells: TableCells) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        # A fixed creation date makes the bytes of two writes identical.
        book.set_properties({"created": datetime(2000, 1, 1)})
        sheet = book.add_worksheet()
        text, day = (
            book.add_format({"num_format": "@"}),
            book.add_format({"num_format": "yyyy-mm-dd"}),
        )
        for place, column in enumerate(cells.values()):
            if len(column) > SHEET_ROWS:
                raise UnwritableError(f"an Excel sheet holds {SHEET_ROWS} rows, not {len(column)}")
            if any(isinstance(cell, str) for cell in column):
                sheet.set_column(place, place, None, text)
        sheet.freeze_panes(1, 0)
        for row, line in enumerate([tuple(cells), *zip(*cells.values(), strict=True)]):
            for place, cell in enumerate(line):
                _write_cell(sheet, row, place, cell, (text, day))


def _write_cell(sheet: Any, row: int, place: int, cell: Any, formats: tuple[Any, Any]) -> None:
    if cell is None:
        return
    text, day = formats
    if isinstance(cell, bool):
        sheet.write_boolean(row, place, cell)
    elif isinstance(cell, int | float) and float(f"{cell:.16G}") == cell:
        sheet.write_number(row, place, cell)
    elif isinstance(cell, date) and cell.year >= 1901:
        sheet.write_datetime(row, place, cell, day)
    else:
        # All other cells are written as text, so that Excel never evaluates their content. Numbers
        # with more digits than Excel stores are text too.
        content = str(cell)
        if len(content) > SHEET_TEXT:
            raise UnwritableError(f"an Excel cell holds {SHEET_TEXT} letters: {content[:40]}…")
        sheet.write_string(row, place, content, text)


def _write_parquet(path: Path, cells: TableCells) -> None:
    pq.write_table(pa.table({name: _array(column) for name, column in cells.items()}), path)


def _array(column: Sequence[Any]) -> pa.Array:
    kinds = {type(cell) for cell in column if cell is not None}
    if kinds <= {int, float} and kinds:
        return pa.array(column, pa.float64() if float in kinds else pa.int64())
    if kinds in ({date}, {bool}):
        return pa.array(column)
    return pa.array([None if cell is None else str(cell) for cell in column], pa.string())


WRITERS: Mapping[str, Callable[[Path, TableCells], None]] = {
    ".csv": _write_csv,
    ".xlsx": _write_xlsx,
    ".parquet": _write_parquet,
}
