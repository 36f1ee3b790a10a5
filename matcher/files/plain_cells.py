"""Read cells that hold one value: numbers, dates, words, and codes of places and occupations."""

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Self, TypeVar

from matcher.domain.answer import Answer
from matcher.domain.planned_week import ISO_WEEK, monday_of, start_of_week, week_name
from matcher.files.schema import schema, words_by_spelling

T = TypeVar("T")
NO_YES = {
    "yes": Answer.YES,
    "ja": Answer.YES,
    "true": Answer.YES,
    "sann": Answer.YES,
    "1": Answer.YES,
    "no": Answer.NO,
    "nei": Answer.NO,
    "false": Answer.NO,
    "usann": Answer.NO,
    "0": Answer.NO,
}
ANSWERS = NO_YES | {"unknown": Answer.UNKNOWN, "ukjent": Answer.UNKNOWN}


def nearest_word(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most similar to a word; None when none is similar."""
    matches = get_close_matches(word.casefold(), sorted(known), n=1, cutoff=0.7)
    return matches[0] if matches else None


def parse_word(text: str, list_name: str) -> str:
    """Read a word of a list of the schema, in any letter case and any of its spellings."""
    return _look_up(text, words_by_spelling(list_name), schema().words[list_name])


def parse_answer(text: str) -> Answer:
    """Read yes, no or unknown."""
    return _look_up(text, ANSWERS, ("yes", "no", "unknown"))


def parse_flag(text: str) -> bool:
    """Read yes or no."""
    return _look_up(text, NO_YES, ("yes", "no")) is Answer.YES


def _look_up(text: str, spellings: Mapping[str, T], words: Collection[str]) -> T:
    value = spellings.get(text.casefold())
    if value is not None:
        return value

    def closer() -> CellError:
        near = nearest_word(text, spellings)
        if near is None:
            return CellError("word.unknown", **facts)
        written = next((word for word in words if word.casefold() == near), near)
        return CellError("word.misspelt", nearest=written, **facts)

    facts = {"allowed": ", ".join(words), "part": text}
    error = CellError("word.unknown", **facts)
    error.diagnose = closer
    raise error


WHOLE = re.compile(r"[+-]?[0-9]{1,15}(\.0*)?")
DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}([ \u00a0\u202f'][0-9]{3})+")
WITH_TEXT = re.compile(r"([+-]?[0-9]+([.,][0-9]+)?)\s*[^\W0-9_]+\.?")
BRACKET = re.compile(r"([0-9]+)\s*[(\[]\s*[0-9]+\s*[)\]]")
FOOTNOTE = re.compile(r"([0-9]+)\s*(\*+|[\u00b9\u00b2\u00b3†]|(?<=\s)[0-9a-z]\))")
PER_CENT_FROM = 2
"""A number from here to 100 is reported as a probability in per cent; other numbers above 1 are
reported as out of range."""
PER_CENT = re.compile(r"([0-9]+([.,][0-9]+)?)\s*%")
ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})([T ][0-9:.]+Z?)?")
DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
SERIAL = re.compile(r"([2-6][0-9]{4})(\.[0-9]*)?")
SERIAL_START = date(1899, 12, 30)
"""Day 0 of the day numbers of spreadsheets."""
YEARS = range(1900, 2101)
MUNICIPALITY = re.compile(r"[0-9]{4}")
LOST_ZERO = re.compile(r"([0-9]{3})(\.0+)?")
DECIMAL_MUNICIPALITY = re.compile(r"([0-9]{4})\.0+")
COUNTY = re.compile(r"[0-9]{2}")


class CellError(ValueError):
    """A cell's text is not what its column holds.

    Parameters
    ----------
    code : str
        Kind of fault.
    **facts : str
        Values that the sentences about the fault mention.

    Attributes
    ----------
    closer : callable or None
        Builds a more exact error; too slow to be called for each of a million faults.
    """

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
        self.diagnose: Callable[[], CellError] | None = None

    def without_traceback(self) -> Self:
        """Drop the traceback, which takes much memory."""
        return self.with_traceback(None)

    def diagnosed(self) -> "CellError":
        """Return the more exact error of ``closer``, or this error when there is no ``closer``."""
        return self if self.diagnose is None else self.diagnose()


def parse_integer(text: str) -> int:
    """Read a whole number.

    Raises
    ------
    CellError
        When the text is not one; the error holds the right form where that is certain.
    """
    if WHOLE.fullmatch(text):
        return int(text.partition(".")[0])
    if DECIMAL.fullmatch(text) or COMMA.fullmatch(text):
        raise CellError("number.not_whole")
    raise _number_error(text)


def parse_number(text: str) -> float:
    """Read a number with a decimal point.

    Raises
    ------
    CellError
        When the text is not one; the error holds the right form where that is certain.
    """
    if DECIMAL.fullmatch(text) and math.isfinite(value := float(text)):
        return value
    if COMMA.fullmatch(text):
        raise CellError("number.decimal_comma", better=text.replace(",", "."))
    raise _number_error(text)


def parse_probability(text: str) -> float:
    """Read a number from 0 to 1; a number in per cent gets an error of its own.

    Raises
    ------
    CellError
        When the text is in per cent or not a number.
    """
    match = PER_CENT.fullmatch(text)
    value = parse_number(match[1].replace(",", ".") if match else text)
    if match or PER_CENT_FROM <= value <= 100:
        raise CellError("probability.per_cent", better=f"{value / 100:.10g}")
    return value


def _number_error(text: str) -> CellError:
    if THOUSANDS.fullmatch(text):
        return CellError("number.thousands", better=re.sub(r"[^0-9+-]", "", text))
    if match := BRACKET.fullmatch(text):
        return CellError("number.bracket", better=match[1])
    if match := FOOTNOTE.fullmatch(text):
        return CellError("number.footnote", better=match[1])
    if match := WITH_TEXT.fullmatch(text):
        return CellError("number.with_text", better=match[1].replace(",", "."))
    return CellError("number.form")


def parse_date(text: str) -> date:
    """Read a date written year-month-day or day.month.year.

    Raises
    ------
    CellError
        For any other form; the error holds the right form where that is certain.
    """
    if match := ISO.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := DOTTED.fullmatch(text):
        return _day(int(match[3]), int(match[2]), int(match[1]))
    if match := SERIAL.fullmatch(text):
        better = SERIAL_START + timedelta(days=int(match[1]))
        raise CellError("date.serial", better=better.isoformat())
    if match := SLASHED.fullmatch(text):
        raise _slashed(int(match[1]), int(match[2]), int(match[3]))
    raise CellError("date.form")


def parse_week(text: str) -> date:
    """Read a week, by its number and year or by its Monday; return the Monday.

    Raises
    ------
    CellError
        For any other form, a week that its year does not have, or another day of the week.
    """
    if ISO_WEEK.fullmatch(text):
        try:
            monday = monday_of(text)
        except ValueError:
            raise CellError("week.impossible") from None
        return _day(monday.year, monday.month, monday.day)
    if not ISO.fullmatch(text):
        raise CellError("week.form")
    monday = start_of_week(day := parse_date(text))
    if day != monday:
        raise CellError("week.monday", better=week_name(monday))
    return monday


def find_mixed_styles(texts: Sequence[str]) -> list[int]:
    """Return the indices of day.month.year dates when other dates are written year-month-day."""
    dotted = [place for place, text in enumerate(texts) if DOTTED.fullmatch(text)]
    return dotted if any(ISO.fullmatch(text) for text in texts) else []


def _day(year: int, month: int, day: int) -> date:
    try:
        parsed = date(year, month, day)
    except ValueError:
        raise CellError("date.impossible") from None
    if parsed.year not in YEARS:
        raise CellError("date.far_off")
    return parsed


def _slashed(first: int, second: int, year: int) -> CellError:
    readings = set()
    for day, month in ((first, second), (second, first)):
        try:
            readings.add(_day(year, month, day).isoformat())
        except CellError:
            continue
    if not readings:
        return CellError("date.impossible")
    code = "date.slashes" if len(readings) == 1 else "date.ambiguous"
    return CellError(code, better=" / ".join(sorted(readings)))


def parse_municipality(text: str) -> str:
    """Read a municipality number.

    Raises
    ------
    CellError
        When it is not four digits; a lost leading zero gets an error of its own.
    """
    if MUNICIPALITY.fullmatch(text):
        return text
    if match := LOST_ZERO.fullmatch(text):
        raise CellError("municipality.leading_zero", part=text, better=f"0{match[1]}")
    if match := DECIMAL_MUNICIPALITY.fullmatch(text):
        raise CellError("municipality.decimal", part=text, better=match[1])
    raise CellError("municipality.form", part=text)


def parse_county(text: str) -> str:
    """Read a county number, two digits.

    Raises
    ------
    CellError
        When it is something else.
    """
    if COUNTY.fullmatch(text):
        return text
    raise CellError("county.form", part=text)


def parse_occupation(text: str) -> str:
    """Read an occupation group, one digit.

    Raises
    ------
    CellError
        When it is something else.
    """
    if re.fullmatch(r"[0-9]", text):
        return text
    raise CellError("occupation.form", part=text)
