"""Kinds of texts and numbers that requests consist of."""

from typing import Annotated

from fastapi import Path
from pydantic import StringConstraints

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
