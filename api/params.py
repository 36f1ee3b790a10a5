"""Types of what requests carry: identifiers, days, languages, and cursors of long lists."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any

import orjson
from fastapi import Path, Query
from pydantic import BeforeValidator, StringConstraints

from api.problems import RefusedError
from matcher.texts import Language

PRINTABLE_PATTERN = r"^[^\x00-\x1f\x7f]+$"
"""Pattern of a text without control characters."""
HouseholdId = Annotated[
    str, StringConstraints(min_length=1, max_length=100, pattern=PRINTABLE_PATTERN)
]
MunicipalityNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
ReasonText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=1000, pattern=r"^[^\x00]+$"),
]
"""Why something is done. Reasons are kept for ever, so they must not hold facts about people."""
HouseholdPath = Annotated[HouseholdId, Path(description="The household.", examples=["H-0042"])]
MunicipalityPath = Annotated[
    MunicipalityNumber, Path(description="Four-digit number.", examples=["0301"])
]
LanguageParam = Annotated[
    Language, Query(description="Of the sentences: Norwegian bokmål or English.")
]
PageLimit = Annotated[int, Query(ge=1, le=500, description="Items on a page, at most.")]
AfterCursor = Annotated[
    str | None, Query(max_length=400, description="The cursor `next` of the page before.")
]
ISO_DAY_PATTERN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _require_iso_day(value: Any) -> Any:
    if isinstance(value, date) or value is None:
        return value
    if isinstance(value, str) and ISO_DAY_PATTERN.fullmatch(value):
        return value
    raise ValueError(f"{value!r} is no day; write it as 2026-11-22")


IsoDay = Annotated[date, BeforeValidator(_require_iso_day)]
"""A day written as year-month-day. A number is refused: it could be a moment in seconds."""


def encode_cursor(*place: str) -> str:
    """Encode the sort key of the last item of a page as text that is opaque to callers."""
    return urlsafe_b64encode(orjson.dumps(place)).decode().rstrip("=")


def decode_cursor(after: str | None, length: int) -> tuple[str, ...] | None:
    """Decode a cursor into the sort key that it holds.

    Parameters
    ----------
    after : str or None
        As :func:`encode_cursor` returned it.
    length : int
        How many texts the sort key consists of.

    Raises
    ------
    RefusedError
        422 when this is not a cursor of such a list.
    """
    if after is None:
        return None
    try:
        place = orjson.loads(urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except ValueError:
        place = None
    valid = isinstance(place, list) and all(isinstance(p, str) and "\0" not in p for p in place)
    if not valid or len(place) != length:
        raise RefusedError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"{after} is no cursor of this list: take `next` of a page, or leave it out",
        )
    return tuple(place)
