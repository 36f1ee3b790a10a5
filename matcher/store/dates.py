"""Dates: year-month-day, or day.month.year when a whole column is written so."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from matcher.store.cell_error import CellError

ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})([T ][0-9:.]+Z?)?")
DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
SERIAL = re.compile(r"([2-6][0-9]{4})(\.[0-9]*)?")
SERIAL_START = date(1899, 12, 30)
"""Day 0 of spreadsheets' day numbers."""
YEARS = range(1900, 2101)


def parse_date(text: str) -> date:
    """Read a date written year-month-day or day.month.year.

    Raises
    ------
    CellError
        For any other way; with the right way to write it where that is certain.
    """
    if found := ISO.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := DOTTED.fullmatch(text):
        return _day(int(found[3]), int(found[2]), int(found[1]))
    if found := SERIAL.fullmatch(text):
        better = SERIAL_START + timedelta(days=int(found[1]))
        raise CellError("date.serial", better=better.isoformat())
    if found := SLASHED.fullmatch(text):
        raise _slashed(int(found[1]), int(found[2]), int(found[3]))
    raise CellError("date.form")


def mixed_styles(texts: Sequence[str]) -> list[int]:
    """Give the places of dates written day.month.year among dates written otherwise."""
    dotted = [place for place, text in enumerate(texts) if DOTTED.fullmatch(text)]
    return dotted if any(ISO.fullmatch(text) for text in texts) else []


def _day(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise CellError("date.impossible") from None
    if found.year not in YEARS:
        raise CellError("date.far_off")
    return found


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
