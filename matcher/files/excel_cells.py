"""Look through a worksheet for cells without a usable value, and for how far it reaches.

The Excel reader returns cells that show an error, and formulas without a calculated value, as
empty; empty means unknown, so they must be told apart. It also allots memory for every cell up to
the farthest one, so that a stray cell must be found before. The sheet is parsed as XML: programs
differ in prefixes, quotation marks, and in whether a cell says where it is.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat
from zipfile import ZipFile

CHUNK_BYTES = 1 << 20
DIGITS = "0123456789"
ERROR_VALUE = re.compile(
    r"#(N/A|I/T|GETTING_DATA|[A-ZÆØÅ]+(/0)?[!?])|(Err|Feil):[0-9]{3}", re.IGNORECASE
)
"""What a spreadsheet shows in place of a value, in English and in Norwegian."""
UNNAMED_ERROR = "#VALUE!"
"""The text that a cell with an error of another form is read as."""
UNCALCULATED_FORMULA = "#FORMULA!"
"""The text that a formula without a calculated value is read as."""
ERROR = "e"
"""Type of a cell that shows an error."""


@dataclass(slots=True)
class SheetScan:
    """What a look through a worksheet has found.

    Parameters
    ----------
    unusable : dict of str by (row, column)
        Text of cells without a usable value, by row (from 1) and column (from 0).
    rows, columns : int
        How far the sheet reaches: the farthest row (from 1) and the number of columns.
    """

    unusable: dict[tuple[int, int], str] = field(default_factory=dict)
    rows: int = 0
    columns: int = 0

    @property
    def last_cell(self) -> str:
        """The place where the farthest row and the farthest column meet, such as ``XFD12``."""
        return f"{column_letters(self.columns - 1)}{self.rows}"


def scan_sheet(path: Path, sheet: int) -> SheetScan:
    """Look through a worksheet.

    Parameters
    ----------
    path : Path
        Path of the workbook.
    sheet : int
        Index of the sheet, from 0.

    Raises
    ------
    KeyError, IndexError
        When the workbook has no such sheet.
    ExpatError, ParseError
        When a part of the workbook is no XML.
    """
    with ZipFile(path) as archive:
        # Some programs write the names of the parts with backslashes.
        names = {_normalized(name): name for name in archive.namelist()}
        part = _sheet_part(archive, names, sheet)
        scanner = _Scanner()
        with archive.open(names[part]) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                scanner.parser.Parse(chunk)
            scanner.parser.Parse(b"", True)
        return scanner.scan


class _Scanner:
    """Follows the elements of a sheet; looks into a cell only when it may be unusable."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.buffer_text = True
        self.scan = SheetScan()
        self._handlers_by_local_name = {
            "row": self._start_row,
            "c": self._start_cell,
            "f": self._start_formula,
            "v": self._start_value,
        }
        self._handlers: dict[str, Callable[[Mapping[str, str]], None]] = {}
        self._columns: dict[str, int] = {}
        self._row, self._column = 0, -1
        self._type, self._formula, self._text = "", False, ""

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        handler = self._handlers.get(name)
        if handler is None:
            local = name.rpartition(":")[2]
            handler = self._handlers[name] = self._handlers_by_local_name.get(local, _ignore)
        handler(attributes)

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        self._row, self._column = int(attributes.get("r", self._row + 1)), -1
        self.scan.rows = max(self.scan.rows, self._row)

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        """Note where a cell is: where it says, else to the right of the cell before it."""
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
            self.scan.columns = max(self.scan.columns, self._column + 1)
        else:
            letters = reference.rstrip(DIGITS)
            column = self._columns.get(letters)
            if column is None:
                column = self._columns[letters] = column_index(letters)
                self.scan.columns = max(self.scan.columns, column + 1)
            self._column = column
            row = int(reference[len(letters) :])
            if row != self._row:
                self._row = row
                self.scan.rows = max(self.scan.rows, row)
        self._type, self._formula = attributes.get("t", ""), False
        if self._type == ERROR:
            self._look_into_cell()

    def _start_formula(self, attributes: Mapping[str, str]) -> None:
        self._formula = True
        self._look_into_cell()

    def _start_value(self, attributes: Mapping[str, str]) -> None:
        if self.parser.EndElementHandler is not None:
            self.parser.CharacterDataHandler = self._add_text

    def _look_into_cell(self) -> None:
        self._text = ""
        self.parser.EndElementHandler = self._end

    def _add_text(self, text: str) -> None:
        self._text += text

    def _end(self, name: str) -> None:
        self.parser.CharacterDataHandler = None
        if self._handlers[name] == self._start_cell:
            self.parser.EndElementHandler = None
            displayed = self._displayed()
            if displayed is not None:
                self.scan.unusable[self._row, self._column] = displayed

    def _displayed(self) -> str | None:
        if self._type == ERROR:
            text = self._text.strip()
            return text if ERROR_VALUE.fullmatch(text) else UNNAMED_ERROR
        # A formula whose calculated value is an empty text says so by its type.
        calculated = bool(self._text) or self._type == "str"
        return UNCALCULATED_FORMULA if self._formula and not calculated else None


def _ignore(attributes: Mapping[str, str]) -> None:
    """Pass over an element that says nothing about cells."""


def column_index(letters: str) -> int:
    """Return the index, from 0, of a column by its letters."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter.upper()) - ord("A") + 1
    return index - 1


def column_letters(index: int) -> str:
    """Return the letters of a column by its index, from 0."""
    letters, rest = "", index + 1
    while rest > 0:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _sheet_part(archive: ZipFile, names: Mapping[str, str], sheet: int) -> str:
    """Return the normalized name of the archive member that holds a sheet."""

    def root(name: str) -> ElementTree.Element:
        return ElementTree.fromstring(archive.read(names[name]))

    book = next(
        (_target(r, "") for r in root("_rels/.rels") if _ends(r.get("Type"), "/officedocument")),
        "xl/workbook.xml",
    )
    folder, _, file = book.rpartition("/")
    sheets = [entry for entry in root(book).iter() if _ends(entry.tag, "}sheet")]
    link = next(value for key, value in sheets[sheet].attrib.items() if _ends(key, "}id"))
    relations = root(_normalized(f"{folder}/_rels/{file}.rels"))
    return next(_target(r, folder) for r in relations if r.get("Id") == link)


def _target(relation: Any, folder: str) -> str:
    """Return the normalized name of the part that a relation of a folder's part names."""
    target = relation.get("Target", "").replace("\\", "/")
    return _normalized(target if target.startswith("/") else f"{folder}/{target}")


def _normalized(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _ends(text: str | None, end: str) -> bool:
    return (text or "").lower().endswith(end)
