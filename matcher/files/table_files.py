"""Write cells as CSV, Excel or Parquet, by the file ending; the same cells give the same bytes."""

import csv
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from io import BytesIO, TextIOWrapper
from pathlib import Path
from tempfile import mkstemp
from typing import IO, Any

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
    write = _writer(path.suffix, path.name)
    with atomic_replacement(path) as stream:
        write(stream, cells)


def table_bytes(ending: str, cells: TableCells) -> bytes:
    """Return the bytes of the file that :func:`write_table` writes for a table.

    Parameters
    ----------
    ending : str
        ``.csv``, ``.xlsx`` or ``.parquet``.
    cells : mapping of columns by name

    Raises
    ------
    UnwritableError
        For another ending, or cells that an Excel sheet cannot hold.
    """
    stream = BytesIO()
    _writer(ending, ending)(stream, cells)
    return stream.getvalue()


def _writer(ending: str, name: str) -> Callable[[IO[bytes], TableCells], None]:
    if ending not in WRITERS:
        known = ", ".join(WRITERS)
        raise UnwritableError(f"{name}: the ending must be one of {known}")
    return WRITERS[ending]


@contextmanager
def atomic_replacement(path: Path) -> Iterator[IO[bytes]]:
    """Yield a stream to write to; its file replaces ``path`` when no error is raised."""
    handle, name = mkstemp(dir=path.parent, prefix=f".{path.name}.")
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
        os.chmod(unfinished, 0o644)  # noqa: PTH101 - temporary files are created private
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _write_csv(stream: IO[bytes], cells: TableCells) -> None:
    text = TextIOWrapper(stream, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(cells)
    writer.writerows(zip(*cells.values(), strict=True))
    # Without this, the stream would be closed together with its wrapper.
    text.detach()


def _write_xlsx(stream: IO[bytes], cells: TableCells) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
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


def _write_parquet(stream: IO[bytes], cells: TableCells) -> None:
    pq.write_table(pa.table({name: _array(column) for name, column in cells.items()}), stream)


def _array(column: Sequence[Any]) -> pa.Array:
    kinds = {type(cell) for cell in column if cell is not None}
    if kinds <= {int, float} and kinds:
        return pa.array(column, pa.float64() if float in kinds else pa.int64())
    if kinds in ({date}, {bool}):
        return pa.array(column)
    return pa.array([None if cell is None else str(cell) for cell in column], pa.string())


WRITERS: Mapping[str, Callable[[IO[bytes], TableCells], None]] = {
    ".csv": _write_csv,
    ".xlsx": _write_xlsx,
    ".parquet": _write_parquet,
}
