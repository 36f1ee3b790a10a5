"""Find the file of each table in a folder and read it."""

from collections.abc import Callable
from pathlib import Path

from matcher.files.csv_file import read_csv
from matcher.files.excel_file import read_excel, read_workbook
from matcher.files.faults import FaultLog
from matcher.files.parquet_file import read_parquet
from matcher.files.plain_cells import nearest_word
from matcher.files.raw_table import RawTable
from matcher.files.schema import TableSchema, schema

READERS: dict[str, Callable[[Path, TableSchema, FaultLog], RawTable | None]] = {
    ".csv": read_csv,
    ".xlsx": read_excel,
    ".parquet": read_parquet,
}


def read_raw_tables(path: Path, log: FaultLog) -> dict[str, RawTable]:
    """Read the text of every table of a folder or workbook; log missing required tables."""
    if path.is_file():
        return _without_missing(read_workbook(path, schema().tables, log), path.name, log)
    if not path.is_dir():
        log.add(path.name, "folder.missing", value=path.name)
        return {}
    tables: dict[str, RawTable | None] = {}
    for name, table in schema().tables.items():
        files = [path / f"{name}{ending}" for ending in READERS]
        present = [file for file in files if file.exists()]
        if len(present) > 1:
            other_names = ", ".join(file.name for file in present[1:])
            log.add(present[0].name, "file.ambiguous", others=other_names)
        if present:
            tables[name] = READERS[present[0].suffix](present[0], table, log)
    _warn_of_misspelt_names(path, log)
    return _without_missing(tables, None, log)


def _without_missing(
    tables: dict[str, RawTable | None], workbook: str | None, log: FaultLog
) -> dict[str, RawTable]:
    """Log required tables that are missing and return the tables that could be read."""
    for name, table in schema().tables.items():
        if not table.required or name in tables:
            continue
        if workbook is None:
            log.add(f"{name}.csv", "file.missing", table=name)
        else:
            log.add(f"{workbook}#{name}", "sheet.missing", table=name)
    return {name: raw for name, raw in tables.items() if raw is not None}


def _warn_of_misspelt_names(path: Path, log: FaultLog) -> None:
    """Log a warning for each file whose name is nearly the name of a table."""
    tables = schema().tables
    for file in sorted(path.iterdir()):
        if file.suffix.casefold() in READERS and file.name not in _file_names():
            near = nearest_word(file.stem, tables)
            if near is not None:
                log.add(file.name, "file.misspelt", value=file.name, table=near)


def _file_names() -> set[str]:
    return {f"{name}{ending}" for name in schema().tables for ending in READERS}
