"""Recognise a column under another heading, such as "Vedtak 2024 (EM)" for decided places."""

import re
from difflib import get_close_matches

from matcher.files.schema import ColumnSchema

NOISE = re.compile(r"[0-9]+|[^\w\s]|_|\b(antall|personer|flyktninger|hittil|i|år|per|number|of)\b")
"""What headings have around their words: years, signs, units."""
SIMILARITY = 0.85
"""How near a heading must be: near enough for an ending, too far for another column's word."""


def is_heading(heading: str, name: str, column: ColumnSchema) -> bool:
    """Return whether a heading may stand for a column: its name or a usual heading, or near one.

    Parameters
    ----------
    heading : str
        A heading of a file, in lower case.
    name : str
        Name of the column.
    column : ColumnSchema
        Has the other headings that the column often has.
    """
    words = _plain(heading)
    known = [_plain(text) for text in (name, *column.headings)]
    return bool(get_close_matches(words, known, n=1, cutoff=SIMILARITY))


def _plain(heading: str) -> str:
    return " ".join(NOISE.sub(" ", heading.casefold()).split())
