"""Parse numbers as people and spreadsheets write them."""

import math
import re

from matcher.files.cell_error import CellError

WHOLE = re.compile(r"[+-]?[0-9]{1,15}(\.0*)?")
DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}([ \u00a0\u202f'][0-9]{3})+")
WITH_TEXT = re.compile(r"([+-]?[0-9]+([.,][0-9]+)?)\s*[^\W0-9_]+\.?")
PER_CENT_FROM = 2
"""A number from here to 100 is reported as a probability in per cent; other numbers above 1 are
reported as out of range."""
PER_CENT = re.compile(r"([0-9]+([.,][0-9]+)?)\s*%")


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
    if match := WITH_TEXT.fullmatch(text):
        return CellError("number.with_text", better=match[1].replace(",", "."))
    return CellError("number.form")
