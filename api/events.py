"""What has happened, as the service shows it."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from matcher.store.database import Event


class Happened(BaseModel):
    """One thing that has happened; it is never changed afterwards."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "id": 1042,
                    "at": "2026-11-22T11:00:00Z",
                    "day": "2026-11-22",
                    "actor": "person:7",
                    "reason": "brother lives there",
                    "kind": "proposed",
                    "household": "H-0042",
                    "municipality": "0301",
                    "part": None,
                    "facts": {"answer_by": "2026-11-29"},
                }
            ]
        },
    )

    id: int = Field(description="Place in the order of all events.")
    at: datetime = Field(description="When.")
    day: date = Field(description="The day it counts from.")
    actor: str = Field(description="Who did it.")
    reason: str | None = Field(description="Why; left out where the reader has no need of it.")
    kind: str = Field(description="What happened.")
    household: str | None = Field(description="To which household.")
    municipality: str | None = Field(description="To which municipality.")
    part: str | None = Field(description="To which other part of the queue's files.")
    facts: dict[str, Any] = Field(description="Numbers and days, such as places taken.")


class HappenedPage(BaseModel):
    """A page of what has happened, in order."""

    items: list[Happened]
    next: str | None = Field(description="Cursor of the next page; null on the last.")


def happened(event: Event) -> Happened:
    """Give an event as the service shows it."""
    return Happened.model_validate(event)
