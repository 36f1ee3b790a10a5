"""Parse dates: year-month-day, or day.month.year when a whole column is written that way."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from matcher.files.cell_error import CellError

ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})([T ][0-9:.]+Z?)?")
DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
SERIAL = re.compile(r"([2-6][0-9]{4})(\.[0-9]*)?")
SERIAL_START = date(1899, 12, 30)
"""Day 0 of the day numbers of spreadsheets."""
YEARS = range(1900, 2101)


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
