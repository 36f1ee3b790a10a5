"""Tables from CSV files: UTF-8, with commas or semicolons between the cells."""

import codecs
import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.csv as arrow_csv  # type: ignore[import-untyped]

from matcher.store.faults import FaultLog
from matcher.store.raw import RawTable, header_name, raw_table
from matcher.store.schema import Table

SHOWN = {"\t": "tab"}
CHUNK = 1 << 22
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_csv(path: Path, table: Table, log: FaultLog) -> RawTable | None:
    """Read the cells of a CSV file; None, with the reason in the log, when that cannot be done."""
    if not _is_utf8(path, log):
        return None
    with path.open(encoding="utf-8-sig", newline="") as stream:
        first = stream.readline()
    if not first.strip():
        log.add(path.name, "file.empty")
        return None
    separator = _separator(first, table)
    if separator not in ",;":
        log.add(
            path.name,
            "file.separator",
            row=1,
            value=first.strip(),
            separator=SHOWN.get(separator, separator),
        )
        return None
    names = [header_name(name) for name in next(csv.reader([first], delimiter=separator))]
    return _rows(path, names, separator, log)


def _separator(first: str, table: Table) -> str:
    """Give the character between known column names in a header."""

    def known(separator: str) -> int:
        cells = next(csv.reader([first], delimiter=separator))
        return sum(header_name(cell) in table.columns for cell in cells)

    return max(",;\t|:", key=lambda separator: (known(separator), first.count(separator)))


def _is_utf8(path: Path, log: FaultLog) -> bool:
    """Read a file through once; a first byte that is not UTF-8 is a fault with its row."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    row = 1
    with path.open("rb") as stream:
        while True:
            chunk = stream.read(CHUNK)
            if row == 1 and (chunk.startswith(UTF16) or b"\x00" in chunk[:200]):
                log.add(path.name, "file.encoding_utf16")
                return False
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                _not_utf8(path, error, row, log)
                return False
            if not chunk:
                return True
            row += chunk.count(b"\n")


def _not_utf8(path: Path, error: UnicodeDecodeError, row: int, log: FaultLog) -> None:
    data = error.object
    row += data.count(b"\n", 0, error.start)
    start = max(data.rfind(b"\n", 0, error.start), error.start - 12) + 1
    around = data[start : error.start + 8].splitlines()[0].decode("cp1252", errors="replace")
    log.add(path.name, "file.encoding", row=row, value=around)


def _rows(path: Path, names: list[str], separator: str, log: FaultLog) -> RawTable | None:
    bad: list[Any] = []

    def keep(row: Any) -> str:
        bad.append(row)
        return "skip"

    keys = [str(place) for place in range(len(names))]
    try:
        cells = arrow_csv.read_csv(
            path,
            read_options=arrow_csv.ReadOptions(
                # Arrow numbers ragged rows only when it reads in one thread.
                use_threads=False, skip_rows=1, column_names=keys
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=separator,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=keep,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(keys, pa.string()), strings_can_be_null=False
            ),
        )  # fmt: skip
    except pa.ArrowInvalid as error:
        log.add(path.name, "file.unreadable", why=str(error))
        return None
    numbers = np.arange(2, 2 + cells.num_rows + len(bad), dtype=np.int64)
    kept = np.delete(numbers, [row.number - 2 for row in bad])
    _ragged(path.name, bad, len(names), separator, log)
    found = raw_table(path.name, *_distinct(path.name, names, cells.columns, log), kept)
    return replace(found, whole=not any(row.text.strip() for row in bad))


def _ragged(file: str, bad: list[Any], expected: int, separator: str, log: FaultLog) -> None:
    for row in bad:
        if row.text.strip():
            found, wanted = str(row.actual_columns), str(expected)
            log.add(file, "row.ragged", row=row.number, value=row.text, found=found, wanted=wanted,
                    separator=separator)  # fmt: skip


def _distinct(
    file: str, names: list[str], cells: list[Any], log: FaultLog
) -> tuple[list[str], list[Any]]:
    """Keep named columns, the first of each name; a name used twice is a fault."""
    kept: dict[str, Any] = {}
    for name, column in zip(names, cells, strict=True):
        if name:
            kept.setdefault(name, column)
    for name, count in Counter(filter(None, names)).items():
        if count > 1:
            log.add(file, "column.twice", row=1, column=name, value=name)
    return list(kept), list(kept.values())
