"""Parse codes of digits: numbers of municipalities, counties and occupation groups."""

import re

from matcher.files.cell_error import CellError

MUNICIPALITY = re.compile(r"[0-9]{4}")
LOST_ZERO = re.compile(r"([0-9]{3})(\.0+)?")
DECIMAL = re.compile(r"([0-9]{4})\.0+")
COUNTY = re.compile(r"[0-9]{2}")


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
    if match := DECIMAL.fullmatch(text):
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
