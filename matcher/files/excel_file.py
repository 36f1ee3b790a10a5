"""Read tables from Excel workbooks."""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from matcher.files.excel_cells import SheetScan, column_letters, scan_sheet
from matcher.files.faults import FaultLog
from matcher.files.raw_table import RawTable, build_raw_table, cell_text, header_name
from matcher.files.schema import TableSchema

BLOCK_ROWS = 50_000
"""Rows that are converted at a time, so that few Python objects are in memory at once."""
MAX_CELLS = 25_000_000
"""Cells up to the farthest one for which memory is allotted: a million members, and more."""
DAMAGED = (
    CalamineError,
    BadZipFile,
    ExpatError,
    ParseError,
    EOFError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    StopIteration,
    ValueError,
    zlib.error,
)
"""What is raised for a workbook that is damaged or encrypted."""


def read_excel(path: Path, table: TableSchema, log: FaultLog) -> RawTable | None:
    """Read the first sheet of a workbook as one table."""
    workbook = _open(path, log)
    return None if workbook is None else _sheet(path, path.name, 0, workbook, log)


def read_workbook(
    path: Path, tables: Mapping[str, TableSchema], log: FaultLog
) -> dict[str, RawTable | None]:
    """Read a workbook that has one sheet for each table."""
    workbook = _open(path, log)
    if workbook is None:
        return dict.fromkeys(tables)
    return {
        name: _sheet(path, f"{path.name}#{name}", place, workbook, log)
        for place, name in enumerate(workbook.sheet_names)
        if name in tables
    }


def _open(path: Path, log: FaultLog) -> CalamineWorkbook | None:
    start = path.read_bytes()[:4]
    if not start:
        log.add(path.name, "file.empty")
        return None
    try:
        return CalamineWorkbook.from_path(str(path))
    except CalamineError as error:
        code = "file.unreadable" if start.startswith(b"PK") else "file.not_excel"
        log.add(path.name, code, why=str(error))
        return None


def _sheet(
    path: Path, file: str, place: int, workbook: CalamineWorkbook, log: FaultLog
) -> RawTable | None:
    try:
        scan = scan_sheet(path, place)
        if scan.rows * scan.columns > MAX_CELLS:
            log.add(file, "sheet.far_cell", value=scan.last_cell)
            return None
    except DAMAGED as error:
        log.add(file, "file.unreadable", why=str(error))
        return None
    try:
        sheet = workbook.get_sheet_by_index(place)
    except CalamineError as error:
        _log_refused_sheet(file, scan, error, log)
        return None
    return _table(file, sheet, scan, log)


def _log_refused_sheet(file: str, scan: SheetScan, error: CalamineError, log: FaultLog) -> None:
    """Log why the reader refuses a sheet: it does not know every error that a cell can show."""
    for (row, column), text in scan.unusable.items():
        log.add(file, "cell.excel_error", row=row, column=column_letters(column), value=text)
    if not scan.unusable:
        log.add(file, "file.unreadable", why=str(error))


def _table(file: str, sheet: CalamineSheet, scan: SheetScan, log: FaultLog) -> RawTable | None:
    rows = _rows(sheet)
    header = [scan.unusable.get((1, k)) or cell_text(c) for k, c in enumerate(next(rows, []))]
    if not any(header):
        log.add(file, "file.empty")
        return None
    blocks = list(_blocks(rows, range(scan.columns), scan.unusable))
    columns = [
        pa.chunked_array([block[k] for block in blocks], pa.string()) for k in range(scan.columns)
    ]
    names = [header_name(name or "") for name in header]
    names += [""] * (scan.columns - len(names))
    count = sum(len(block[0]) for block in blocks)
    return build_raw_table(file, names, columns, np.arange(2, 2 + count, dtype=np.int64))


def _rows(sheet: CalamineSheet) -> Iterator[list[Any]]:
    """Yield rows from row 1 and column A on, also when the used cells begin further in."""
    if sheet.start is None:
        return
    first_row, first_column = sheet.start
    for _ in range(first_row):
        yield []
    for row in sheet.iter_rows():
        yield [""] * first_column + list(row)


def _blocks(
    rows: Iterator[list[Any]], wanted: Iterable[int], unusable: Mapping[tuple[int, int], str]
) -> Iterator[list[pa.Array]]:
    start = 2
    while block := list(islice(rows, BLOCK_ROWS)):
        yield [
            pa.array(
                [
                    unusable.get((start + k, column)) or _cell(row, column)
                    for k, row in enumerate(block)
                ],
                pa.string(),
            )
            for column in wanted
        ]
        start += len(block)


def _cell(row: list[Any], column: int) -> str | None:
    return cell_text(row[column]) if column < len(row) else None
