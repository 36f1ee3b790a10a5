"""Types of the texts and numbers in requests."""

import re
from datetime import date
from typing import Annotated, Any

from fastapi import Path
from pydantic import BeforeValidator, StringConstraints

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
ISO_DAY_PATTERN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _require_iso_day(value: Any) -> Any:
    if isinstance(value, date) or value is None:
        return value
    if isinstance(value, str) and ISO_DAY_PATTERN.fullmatch(value):
        return value
    raise ValueError(f"{value!r} is no day; write it as 2026-11-22")


IsoDay = Annotated[date, BeforeValidator(_require_iso_day)]
"""A day written as year-month-day. A number is refused: it could be a moment in seconds."""
