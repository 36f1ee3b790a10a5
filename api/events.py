"""Events of the store, as the service shows them."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.access.disclosure import ShownHousehold
from api.params import decode_cursor, encode_cursor
from matcher.store.events import Event


class EventRecord(BaseModel):
    """An event: one thing that has happened. An event is never changed afterwards."""

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
    household: ShownHousehold | None = Field(description="To which household.")
    municipality: str | None = Field(description="To which municipality.")
    part: str | None = Field(description="To which other part of the queue's files.")
    facts: dict[str, Any] = Field(description="Numbers and days, such as places taken.")


class EventPage(BaseModel):
    """A page of events, in order."""

    items: list[EventRecord]
    next: str | None = Field(description="Cursor of the next page; null on the last.")


def event_records(events: Iterable[Event]) -> list[EventRecord]:
    """Convert events of the store to the form that the service shows."""
    return [EventRecord.model_validate(event) for event in events]


def event_page(events: Sequence[Event], after: str | None, limit: int) -> EventPage:
    """Build one page of events, in order."""
    place = decode_cursor(after, 1)
    start = 0 if place is None else bisect_right([f"{e.id:019}" for e in events], place[0])
    page = events[start : start + limit]
    has_next = start + limit < len(events)
    return EventPage(
        items=event_records(page), next=encode_cursor(f"{page[-1].id:019}") if has_next else None
    )
