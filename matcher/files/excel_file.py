"""Read tables from Excel workbooks."""

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from matcher.files.excel_cells import find_unusable_cells
from matcher.files.faults import FaultLog
from matcher.files.raw_table import RawTable, build_raw_table, cell_text, header_name
from matcher.files.schema import TableSchema

BLOCK_ROWS = 50_000
"""Rows that are converted at a time, so that few Python objects are in memory at once."""


def read_excel(path: Path, table: TableSchema, log: FaultLog) -> RawTable | None:
    """Read the first sheet of a workbook as one table."""
    workbook = _open(path, log)
    if workbook is None:
        return None
    return _sheet(path, path.name, 0, workbook.get_sheet_by_index(0), log)


def read_workbook(
    path: Path, tables: Mapping[str, TableSchema], log: FaultLog
) -> dict[str, RawTable | None]:
    """Read a workbook that has one sheet for each table."""
    workbook = _open(path, log)
    if workbook is None:
        return dict.fromkeys(tables)
    return {
        name: _sheet(path, f"{path.name}#{name}", place, workbook.get_sheet_by_index(place), log)
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
    path: Path, file: str, place: int, sheet: CalamineSheet, log: FaultLog
) -> RawTable | None:
    rows = _rows(sheet)
    header = next(rows, None)
    if header is None or not any(map(cell_text, header)):
        log.add(file, "file.empty")
        return None
    names = [header_name(cell_text(cell) or "") for cell in header]
    named_columns = [column for column, name in enumerate(names) if name]
    unusable = find_unusable_cells(path, place)
    blocks = list(_blocks(rows, named_columns, unusable))
    count = sum(len(block[0]) for block in blocks) if named_columns else 0
    columns = [
        pa.chunked_array([block[k] for block in blocks], pa.string())
        for k in range(len(named_columns))
    ]
    numbers = np.arange(2, 2 + count, dtype=np.int64)
    return build_raw_table(file, [names[column] for column in named_columns], columns, numbers)


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
    rows: Iterator[list[Any]], wanted: list[int], unusable: Mapping[tuple[int, int], str]
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
