"""Which file holds which table."""

from collections.abc import Callable
from pathlib import Path

from matcher.store.csv_file import read_csv
from matcher.store.excel_file import read_excel, read_workbook
from matcher.store.faults import FaultLog
from matcher.store.parquet_file import read_parquet
from matcher.store.raw import RawTable
from matcher.store.schema import Table, schema
from matcher.store.words import nearest

READERS: dict[str, Callable[[Path, Table, FaultLog], RawTable | None]] = {
    ".csv": read_csv,
    ".xlsx": read_excel,
    ".parquet": read_parquet,
}


def raw_tables(path: Path, log: FaultLog) -> dict[str, RawTable]:
    """Read the text of every table of a folder or workbook; what is missing goes to the log."""
    if path.is_file():
        return _required(read_workbook(path, schema().tables, log), path.name, log)
    if not path.is_dir():
        log.add(path.name, "folder.missing", value=path.name)
        return {}
    found: dict[str, RawTable | None] = {}
    for name, table in schema().tables.items():
        files = [path / f"{name}{ending}" for ending in READERS]
        there = [file for file in files if file.exists()]
        if len(there) > 1:
            log.add(there[0].name, "file.ambiguous", others=", ".join(f.name for f in there[1:]))
        if there:
            found[name] = READERS[there[0].suffix](there[0], table, log)
    _strangers(path, log)
    return _required(found, None, log)


def _required(
    found: dict[str, RawTable | None], workbook: str | None, log: FaultLog
) -> dict[str, RawTable]:
    for name, table in schema().tables.items():
        if not table.required or name in found:
            continue
        if workbook is None:
            log.add(f"{name}.csv", "file.missing", table=name)
        else:
            log.add(f"{workbook}#{name}", "sheet.missing", table=name)
    return {name: raw for name, raw in found.items() if raw is not None}


def _strangers(path: Path, log: FaultLog) -> None:
    """Warn of files whose names are nearly those of tables."""
    tables = schema().tables
    for file in sorted(path.iterdir()):
        if file.suffix.casefold() in READERS and file.name not in _file_names():
            near = nearest(file.stem, tables)
            if near is not None:
                log.add(file.name, "file.misspelt", value=file.name, table=near)


def _file_names() -> set[str]:
    return {f"{name}{ending}" for name in schema().tables for ending in READERS}
