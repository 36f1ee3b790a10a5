"""Kinds of cells: for each kind, a function that reads a cell and one that writes it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from matcher.domain.answer import Answer
from matcher.domain.household import HouseholdType, LivingSituation
from matcher.domain.household import Upbringing as UpbringingWord
from matcher.domain.municipality import OutMigrationQuartile
from matcher.domain.person import Education, ImmigrationGround, Sex
from matcher.files import list_cells as lists
from matcher.files import plain_cells as plain
from matcher.files import word_cells as words
from matcher.files.excel_cells import UNCALCULATED_FORMULA
from matcher.files.schema import ColumnSchema, KindName

HIDDEN_CHARACTER = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffd]"
)
EXCEL_ERROR = re.compile(r"#(REF!|NAME\?|N/A|DIV/0!|VALUE!|NUM!|NULL!|SPILL!|CALC!)")
PER_CENT = re.compile(r"[0-9]+(\.[0-9]+)?")
FORMULA_STARTS = ("=", "+", "-", "@")
WORD_TYPES: Mapping[str, Callable[[str], str]] = {
    "sex": Sex,
    "ground": ImmigrationGround,
    "education": Education,
    "living": LivingSituation,
    "upbringing": UpbringingWord,
    "household_type": HouseholdType,
    "landsdel": str,
}
ANSWER_WORDS = {Answer.YES: "yes", Answer.NO: "no", Answer.UNKNOWN: ""}


@dataclass(frozen=True, slots=True)
class CellKind:
    """Functions that read and write cells of one kind.

    Parameters
    ----------
    parse : callable
        From text to value; raises :class:`CellError`.
    format : callable
        From value to text, or to a number or date that a spreadsheet stores as such.
    """

    parse: Callable[[str], Any]
    format: Callable[[Any], Any] = str


def parse_text(text: str) -> str:
    """Read text that no spreadsheet can interpret as a formula.

    Raises
    ------
    CellError
        When the text begins like a formula.
    """
    if text.startswith(FORMULA_STARTS):
        raise plain.CellError("text.formula")
    return text


def _word_text(value: str) -> str:
    return "" if value == "unknown" else str(value)


def parse_origin(text: str) -> str:
    """Read an origin group; ``unknown`` and ``ukjent`` both mean that it is unknown."""
    return "unknown" if text.casefold() in ("unknown", "ukjent") else parse_text(text)


def parse_quartile(text: str) -> OutMigrationQuartile:
    """Read an out-migration quartile by its name, or from a share in per cent."""
    if PER_CENT.fullmatch(text) and float(text) <= 100:
        return OutMigrationQuartile.from_share(float(text))
    return OutMigrationQuartile(words.parse_word(text, "quartile"))


def _unchanged(value: Any) -> Any:
    return value


CELL_KINDS: Mapping[KindName, CellKind] = {
    "id": CellKind(parse_text),
    "text": CellKind(parse_text),
    "origin": CellKind(parse_origin, _word_text),
    "integer": CellKind(plain.parse_integer, _unchanged),
    "number": CellKind(plain.parse_number, _unchanged),
    "probability": CellKind(plain.parse_probability, _unchanged),
    "date": CellKind(plain.parse_date, _unchanged),
    "answer": CellKind(words.parse_answer, ANSWER_WORDS.__getitem__),
    "flag": CellKind(words.parse_flag, lambda value: "yes" if value else ""),
    "municipality": CellKind(plain.parse_municipality),
    "county": CellKind(plain.parse_county),
    "occupation": CellKind(plain.parse_occupation),
    "languages": CellKind(lists.parse_languages, lists.format_names),
    "interpreters": CellKind(lists.parse_interpreters, lists.format_interpreters),
    "names": CellKind(lists.parse_names, lists.format_names),
    "bans": CellKind(lists.parse_bans, lists.format_bans),
    "wishes": CellKind(lists.parse_wishes, lists.format_wishes),
    "family": CellKind(lists.parse_family, lists.format_family),
    "counts": CellKind(lists.parse_counts, lists.format_pairs),
    "jobs": CellKind(lists.parse_jobs, lists.format_pairs),
}


def kind_of(column: ColumnSchema) -> CellKind:
    """Return the kind of the cells of a column."""
    if column.words is None:
        return CELL_KINDS[column.kind]
    if column.words == "quartile":
        return CellKind(parse_quartile, _word_text)
    list_name, type_ = column.words, WORD_TYPES[column.words]
    return CellKind(lambda text: type_(words.parse_word(text, list_name)), _word_text)


def parse_cell(text: str, kind: CellKind) -> Any:
    """Read one cell's text.

    Raises
    ------
    CellError
        When the text is not of the column's kind.
    """
    if EXCEL_ERROR.fullmatch(text):
        raise plain.CellError("cell.excel_error")
    if text == UNCALCULATED_FORMULA:
        raise plain.CellError("cell.formula")
    if HIDDEN_CHARACTER.search(text):
        raise plain.CellError("text.hidden")
    return kind.parse(text)
