"""Kinds of cells: for each kind, a function that reads a cell and one that writes it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from matcher.domain import Answer, Education, Ground, HouseholdType, Living, Quartile, Sex
from matcher.domain import Upbringing as UpbringingWord
from matcher.store import lists, numbers, places, words
from matcher.store.cell_error import CellError
from matcher.store.dates import parse_date
from matcher.store.schema import Column, KindName
from matcher.store.sheet_cells import NOT_WORKED_OUT

HIDDEN_CHARACTER = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffd]"
)
EXCEL_ERROR = re.compile(r"#(REF!|NAME\?|N/A|DIV/0!|VALUE!|NUM!|NULL!|SPILL!|CALC!)")
PER_CENT = re.compile(r"[0-9]+(\.[0-9]+)?")
FORMULA_STARTS = ("=", "+", "-", "@")
WORD_TYPES: Mapping[str, Callable[[str], str]] = {
    "sex": Sex,
    "ground": Ground,
    "education": Education,
    "living": Living,
    "upbringing": UpbringingWord,
    "household_type": HouseholdType,
    "landsdel": str,
}
ANSWER_WORDS = {Answer.YES: "yes", Answer.NO: "no", Answer.UNKNOWN: ""}


@dataclass(frozen=True, slots=True)
class Kind:
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
        raise CellError("text.formula")
    return text


def _word_text(value: str) -> str:
    return "" if value == "unknown" else str(value)


def parse_origin(text: str) -> str:
    """Read an origin group; ``unknown`` and ``ukjent`` both mean that it is unknown."""
    return "unknown" if text.casefold() in ("unknown", "ukjent") else parse_text(text)


def parse_quartile(text: str) -> Quartile:
    """Read an out-migration quartile by its name, or from a share in per cent."""
    if PER_CENT.fullmatch(text) and float(text) <= 100:
        return Quartile.of_share(float(text))
    return Quartile(words.parse_word(text, "quartile"))


def _unchanged(value: Any) -> Any:
    return value


KINDS: Mapping[KindName, Kind] = {
    "id": Kind(parse_text),
    "text": Kind(parse_text),
    "origin": Kind(parse_origin, _word_text),
    "integer": Kind(numbers.parse_integer, _unchanged),
    "number": Kind(numbers.parse_number, _unchanged),
    "probability": Kind(numbers.parse_probability, _unchanged),
    "date": Kind(parse_date, _unchanged),
    "answer": Kind(words.parse_answer, ANSWER_WORDS.__getitem__),
    "flag": Kind(words.parse_flag, lambda value: "yes" if value else ""),
    "municipality": Kind(places.parse_municipality),
    "county": Kind(places.parse_county),
    "occupation": Kind(places.parse_occupation),
    "languages": Kind(lists.parse_languages, lists.format_names),
    "interpreters": Kind(lists.parse_interpreters, lists.format_interpreters),
    "names": Kind(lists.parse_names, lists.format_names),
    "bans": Kind(lists.parse_bans, lists.format_bans),
    "wishes": Kind(lists.parse_wishes, lists.format_wishes),
    "family": Kind(lists.parse_family, lists.format_family),
    "counts": Kind(lists.parse_counts, lists.format_pairs),
    "jobs": Kind(lists.parse_jobs, lists.format_pairs),
}


def kind_of(column: Column) -> Kind:
    """Return the kind of the cells of a column."""
    if column.words is None:
        return KINDS[column.kind]
    if column.words == "quartile":
        return Kind(parse_quartile, _word_text)
    list_name, type_ = column.words, WORD_TYPES[column.words]
    return Kind(lambda text: type_(words.parse_word(text, list_name)), _word_text)


def parse_cell(text: str, kind: Kind) -> Any:
    """Read one cell's text.

    Raises
    ------
    CellError
        When the text is not of the column's kind.
    """
    if EXCEL_ERROR.fullmatch(text):
        raise CellError("cell.excel_error")
    if text == NOT_WORKED_OUT:
        raise CellError("cell.formula")
    if HIDDEN_CHARACTER.search(text):
        raise CellError("text.hidden")
    return kind.parse(text)
