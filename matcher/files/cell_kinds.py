"""Kinds of cells, lists among them: for each, functions that read and write a cell."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matcher.domain.answer import Answer
from matcher.domain.household import (
    Ban,
    BanReason,
    FamilyTie,
    HouseholdType,
    LivingSituation,
    Wish,
    WishKind,
)
from matcher.domain.household import Upbringing as UpbringingWord
from matcher.domain.municipality import OutMigrationQuartile
from matcher.domain.person import Education, ImmigrationGround, Sex
from matcher.domain.planned_week import week_name
from matcher.files import plain_cells as plain
from matcher.files.excel_cells import ERROR_VALUE, UNCALCULATED_FORMULA
from matcher.files.plain_cells import (
    CellError,
    parse_county,
    parse_integer,
    parse_municipality,
    parse_number,
    parse_occupation,
    parse_week,
    parse_word,
)
from matcher.files.schema import ColumnSchema, KindName

LANGUAGE = re.compile(r"[a-z]{2,3}")


def split_parts(text: str) -> list[str]:
    """Split a cell at its semicolons; empty parts are dropped."""
    return [part for raw in text.split(";") if (part := raw.strip())]


def parse_names(text: str) -> tuple[str, ...]:
    """Read names; none may begin like a formula."""
    if text.startswith(("=", "+", "-", "@")):
        raise CellError("text.formula")
    return tuple(split_parts(text))


def parse_languages(text: str) -> tuple[str, ...]:
    """Read ISO 639 codes."""
    return tuple(_language(part) for part in split_parts(text))


def parse_interpreters(text: str) -> tuple[str, ...]:
    """Read ISO 639 codes; ``*`` is all languages and ``-`` none."""
    if text == "-":
        return ()
    return tuple(part if part == "*" else _language(part) for part in split_parts(text))


def parse_bans(text: str) -> tuple[Ban, ...]:
    """Read municipalities, each with the reason for its ban."""
    return tuple(_ban(part) for part in split_parts(text))


def parse_wishes(text: str) -> tuple[Wish, ...]:
    """Read wishes; ``-`` before a wish marks a place to avoid."""
    return tuple(_wish(part) for part in split_parts(text))


def parse_family(text: str) -> tuple[FamilyTie, ...]:
    """Read municipalities where family lives; ``!`` after one marks a tie that must hold."""
    return tuple(
        FamilyTie(parse_municipality(part.removesuffix("!").strip()), part.endswith("!"))
        for part in split_parts(text)
    )


def parse_counts(text: str) -> tuple[tuple[str, int], ...]:
    """Read languages, each with a number of persons."""
    counts = []
    for part in split_parts(text):
        name, count = _split_pair(part)
        if (number := parse_integer(count)) < 0:
            raise CellError("list.negative", part=part)
        counts.append((_language(name), number))
    return tuple(counts)


def parse_jobs(text: str) -> tuple[tuple[str, float], ...]:
    """Read occupation groups, each with its jobs relative to the national average."""
    jobs = []
    for part in split_parts(text):
        name, share = _split_pair(part)
        if (number := parse_number(share)) < 0:
            raise CellError("list.negative", part=part)
        jobs.append((parse_occupation(name), number))
    return tuple(jobs)


def format_names(names: Sequence[str]) -> str:
    """Write names or codes."""
    return ";".join(names)


def format_interpreters(languages: Sequence[str]) -> str:
    """Write languages; an empty sequence is written as ``-``."""
    return ";".join(languages) or "-"


def format_bans(bans: Sequence[Ban]) -> str:
    """Write bans with their reasons."""
    return ";".join(f"{ban.municipality}:{ban.reason}" for ban in bans)


def format_wishes(wishes: Sequence[Wish]) -> str:
    """Write wishes."""
    return ";".join(f"{'' if w.wanted else '-'}{w.kind}:{w.value}" for w in wishes)


def format_family(ties: Sequence[FamilyTie]) -> str:
    """Write municipalities where family lives."""
    return ";".join(f"{tie.municipality}{'!' if tie.must_hold else ''}" for tie in ties)


def format_pairs(pairs: Sequence[tuple[str, float]]) -> str:
    """Write names, each with its number."""
    return ";".join(f"{word}:{number!r}" for word, number in pairs)


def _split_pair(part: str) -> tuple[str, str]:
    first, colon, second = part.partition(":")
    if not (first.strip() and colon and second.strip()):
        raise CellError("list.form", part=part)
    return first.strip(), second.strip()


def _language(text: str) -> str:
    code = text.casefold()
    if not LANGUAGE.fullmatch(code):
        raise CellError("language.form", part=text)
    return code


def _ban(part: str) -> Ban:
    number, reason = _split_pair(part)
    return Ban(parse_municipality(number), BanReason(parse_word(reason, "ban_reason")))


def _wish(part: str) -> Wish:
    wanted = not part.startswith("-")
    about, value = _split_pair(part.removeprefix("-"))
    kind = WishKind(parse_word(about, "wish_kind"))
    return Wish(kind, _wish_value(kind, value), wanted)


def _wish_value(kind: WishKind, value: str) -> str:
    if kind is WishKind.MUNICIPALITY:
        return parse_municipality(value)
    if kind is WishKind.LANDSDEL:
        return parse_word(value, "landsdel")
    if kind is WishKind.COUNTY:
        return parse_county(value)
    if value not in tuple("123456"):
        raise CellError("wish.centrality", part=value)
    return value


HIDDEN_CHARACTER = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffd]"
)
ERROR_IN_LIST = re.compile(rf"(^|[;:])\s*({ERROR_VALUE.pattern})\s*($|[;:])", re.IGNORECASE)
"""An error of a spreadsheet as a cell, or as a part of one that holds a list."""
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
    return OutMigrationQuartile(plain.parse_word(text, "quartile"))


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
    "week": CellKind(parse_week, week_name),
    "answer": CellKind(plain.parse_answer, ANSWER_WORDS.__getitem__),
    "flag": CellKind(plain.parse_flag, lambda value: "yes" if value else ""),
    "municipality": CellKind(plain.parse_municipality),
    "county": CellKind(plain.parse_county),
    "occupation": CellKind(plain.parse_occupation),
    "languages": CellKind(parse_languages, format_names),
    "interpreters": CellKind(parse_interpreters, format_interpreters),
    "names": CellKind(parse_names, format_names),
    "bans": CellKind(parse_bans, format_bans),
    "wishes": CellKind(parse_wishes, format_wishes),
    "family": CellKind(parse_family, format_family),
    "counts": CellKind(parse_counts, format_pairs),
    "jobs": CellKind(parse_jobs, format_pairs),
}


def kind_of(column: ColumnSchema) -> CellKind:
    """Return the kind of the cells of a column."""
    if column.words is None:
        return CELL_KINDS[column.kind]
    if column.words == "quartile":
        return CellKind(parse_quartile, _word_text)
    list_name, type_ = column.words, WORD_TYPES[column.words]
    return CellKind(lambda text: type_(plain.parse_word(text, list_name)), _word_text)


def parse_cell(text: str, kind: CellKind) -> Any:
    """Read one cell's text.

    Raises
    ------
    CellError
        When the text is not of the column's kind.
    """
    if text == UNCALCULATED_FORMULA:
        raise plain.CellError("cell.formula")
    if ERROR_IN_LIST.search(text):
        raise plain.CellError("cell.excel_error")
    if HIDDEN_CHARACTER.search(text):
        raise plain.CellError("text.hidden")
    return kind.parse(text)
