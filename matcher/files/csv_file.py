"""Read tables from CSV files: UTF-8, with commas or semicolons between the cells."""

import codecs
import csv
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.csv as arrow_csv  # type: ignore[import-untyped]

from matcher.files.faults import FaultLog
from matcher.files.raw_table import RawTable, build_raw_table, header_name
from matcher.files.schema import TableSchema

SEPARATOR_NAMES = {"\t": "tab"}
CHUNK_BYTES = 1 << 22
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_csv(path: Path, table: TableSchema, log: FaultLog) -> RawTable | None:
    """Read the cells of a CSV file; return None and log the reason when they cannot be read."""
    with path.open("rb") as stream:
        return read_csv_stream(stream, path.name, table, log)


def read_csv_stream(
    stream: IO[bytes], file: str, table: TableSchema, log: FaultLog
) -> RawTable | None:
    """Read the cells of a CSV file from a stream that can be rewound.

    Parameters
    ----------
    stream : binary stream
        At its beginning.
    file : str
        Name of the file in faults.
    table : TableSchema
    log : FaultLog
    """
    if not _is_utf8(stream, file, log):
        return None
    first = _first_line(stream)
    if not first.strip():
        log.add(file, "file.empty")
        return None
    separator = _separator(first, table)
    if separator not in ",;":
        log.add(
            file,
            "file.separator",
            row=1,
            value=first.strip(),
            separator=SEPARATOR_NAMES.get(separator, separator),
        )
        return None
    names = [header_name(name) for name in next(csv.reader([first], delimiter=separator))]
    if not first.endswith(("\n", "\r")):
        no_cells = [pa.array([], pa.string()) for _ in names]
        return build_raw_table(file, names, no_cells, np.arange(0, dtype=np.int64))
    stream.seek(0)
    return _rows(stream, file, names, separator, log)


def _first_line(stream: IO[bytes]) -> str:
    stream.seek(0)
    text = TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    line = text.readline()
    # Without this, the stream would be closed together with its wrapper.
    text.detach()
    return line


def _separator(first: str, table: TableSchema) -> str:
    """Find the separator that splits a header into the most known column names."""

    def known_names(separator: str) -> int:
        cells = next(csv.reader([first], delimiter=separator))
        return sum(header_name(cell) in table.columns for cell in cells)

    return max(",;\t|:", key=lambda separator: (known_names(separator), first.count(separator)))


def _is_utf8(stream: IO[bytes], file: str, log: FaultLog) -> bool:
    """Check that a whole file is UTF-8; log the row of the first byte that is not."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    row = 1
    while True:
        chunk = stream.read(CHUNK_BYTES)
        if row == 1 and _is_utf16(chunk):
            log.add(file, "file.encoding_utf16")
            return False
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            _log_encoding(file, error, row, log)
            return False
        if not chunk:
            return True
        row += chunk.count(b"\n")


def _is_utf16(chunk: bytes) -> bool:
    """Recognise UTF-16, also without a byte order mark: every other byte of a letter is zero."""
    start = chunk[:200]
    return start.startswith(UTF16) or start.count(0) * 3 > len(start) > 0


def _log_encoding(file: str, error: UnicodeDecodeError, row: int, log: FaultLog) -> None:
    data = error.object
    row += data.count(b"\n", 0, error.start)
    start = max(data.rfind(b"\n", 0, error.start), error.start - 12) + 1
    around = data[start : error.start + 8].splitlines()[0].decode("cp1252", errors="replace")
    log.add(file, "file.encoding", row=row, value=around)


def _rows(
    stream: IO[bytes], file: str, names: list[str], separator: str, log: FaultLog
) -> RawTable | None:
    ragged: list[Any] = []

    def skip(row: Any) -> str:
        ragged.append(row)
        return "skip"

    keys = [str(place) for place in range(len(names))]
    # Arrow numbers ragged rows only when it reads in one thread.
    read_options = arrow_csv.ReadOptions(use_threads=False, skip_rows=1, column_names=keys)
    parse_options = arrow_csv.ParseOptions(
        delimiter=separator,
        newlines_in_values=True,
        ignore_empty_lines=False,
        invalid_row_handler=skip,
    )
    convert_options = arrow_csv.ConvertOptions(
        column_types=dict.fromkeys(keys, pa.string()), strings_can_be_null=False
    )
    try:
        cells = arrow_csv.read_csv(
            stream,
            read_options=read_options,
            parse_options=parse_options,
            convert_options=convert_options,
        )
    except pa.ArrowInvalid as error:
        log.add(file, "file.unreadable", why=str(error))
        return None
    numbers = np.arange(2, 2 + cells.num_rows + len(ragged), dtype=np.int64)
    readable_numbers = np.delete(numbers, [row.number - 2 for row in ragged])
    _log_ragged(file, ragged, len(names), separator, log)
    raw = build_raw_table(file, names, cells.columns, readable_numbers)
    return replace(raw, complete=not any(row.text.strip() for row in ragged))


def _log_ragged(file: str, ragged: list[Any], expected: int, separator: str, log: FaultLog) -> None:
    for row in ragged:
        if row.text.strip():
            log.add(
                file,
                "row.ragged",
                row=row.number,
                value=row.text,
                found=str(row.actual_columns),
                wanted=str(expected),
                separator=separator,
            )
