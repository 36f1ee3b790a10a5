"""Kinds of texts and numbers that requests consist of."""

import re
from datetime import date
from typing import Annotated, Any

from fastapi import Path
from pydantic import BeforeValidator, StringConstraints

PRINTABLE = r"^[^\x00-\x1f\x7f]+$"
"""Text without characters that cannot be seen."""
HouseholdId = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=PRINTABLE)]
MunicipalityNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=1000, pattern=r"^[^\x00]+$"),
]
"""Why; kept for ever, so without facts about people."""
HouseholdPath = Annotated[HouseholdId, Path(description="The household.", examples=["H-0042"])]
MunicipalityPath = Annotated[
    MunicipalityNumber, Path(description="Four-digit number.", examples=["0301"])
]
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _written_out(value: Any) -> Any:
    if isinstance(value, date) or value is None:
        return value
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        return value
    raise ValueError(f"{value!r} is no day; write it as 2026-11-22")


Day = Annotated[date, BeforeValidator(_written_out)]
"""A day as year-month-day; a number, which could be a moment in seconds, is none."""
