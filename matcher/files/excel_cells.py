"""Find cells of a worksheet that show an error, or a formula without a calculated value.

The Excel reader returns such cells as empty, and empty means unknown: they must be distinguished.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree import ElementTree
from zipfile import ZipFile

CELL = re.compile(rb"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
PLACE = re.compile(rb'\br="([A-Z]+)([0-9]+)"')
VALUE = re.compile(rb"<v>([^<]+)</v>")
SHEETS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}sheet"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
CHUNK_BYTES = 1 << 22
UNCALCULATED_FORMULA = "#FORMULA!"
"""The text that a formula without a calculated value is read as."""


def find_unusable_cells(path: Path, sheet: int) -> dict[tuple[int, int], str]:
    """Return the text of cells without a usable value, by row (from 1) and column (from 0).

    Parameters
    ----------
    path : Path
        Path of the workbook.
    sheet : int
        Index of the sheet, from 0.
    """
    with ZipFile(path) as archive:
        name = _part(archive, sheet)
        if name not in archive.namelist():
            return {}
        with archive.open(name) as stream:
            return dict(cell for text in _rows(stream) for cell in _unusable(text))


def _rows(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the text of a sheet in blocks of a few million bytes that end with a whole row."""
    remainder = b""
    while chunk := stream.read(CHUNK_BYTES):
        text, end, remainder = (remainder + chunk).rpartition(b"</row>")
        yield text + end
    yield remainder


def _unusable(text: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    if b't="e"' not in text and b"<f" not in text:
        return
    for cell in CELL.finditer(text):
        place, displayed = _place(cell[1]), _displayed(cell[1], cell[2] or b"")
        if place is not None and displayed is not None:
            yield place, displayed


def _part(archive: ZipFile, sheet: int) -> str:
    """Return the name of the archive member that holds a sheet."""
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    link = list(workbook.iter(SHEETS))[sheet].get(LINK)
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = next((r.get("Target", "") for r in relations if r.get("Id") == link), "")
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _displayed(attributes: bytes, inside: bytes) -> str | None:
    value = VALUE.search(inside)
    if b't="e"' in attributes:
        return value[1].decode() if value else "#REF!"
    return UNCALCULATED_FORMULA if b"<f" in inside and value is None else None


def _place(attributes: bytes) -> tuple[int, int] | None:
    match = PLACE.search(attributes)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + letter - ord("A") + 1
    return int(match[2]), column - 1
