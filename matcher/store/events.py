"""Events: what happened, to which subject, when, who did it and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select

from matcher.store import tables


class EventKind(StrEnum):
    """Kinds of events: of a household, of a municipality, or of another part of an instance."""

    LISTED = "listed"
    UNLISTED = "unlisted"
    CHANGED = "changed"
    PROPOSED = "proposed"
    PROMISED = "promised"
    SETTLED = "settled"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    PINNED = "pinned"
    UNPINNED = "unpinned"
    BANNED = "banned"
    UNBANNED = "unbanned"
    UNDONE = "undone"
    ERASED = "erased"
    DESCRIBED = "described"
    DWELLINGS = "dwellings"
    DWELLINGS_REVISED = "dwellings revised"
    WEEKS = "weeks"
    WEEKS_REVISED = "weeks revised"
    COUNTED = "counted"
    REVISED = "revised"
    YEAR_BEGUN = "year begun"
    STATED = "stated"


@dataclass(frozen=True, slots=True)
class Event:
    """A thing that happened; an event is never changed.

    Parameters
    ----------
    id : int
        Position in the event stream, from 1, without gaps.
    at : datetime
        When it happened, in UTC.
    day : date
        The day from which it counts: the day of ``at`` in the caller's time zone.
    actor, reason : str
        Who did it, and why.
    kind : EventKind
        What happened.
    household, municipality, part : str or None
        The subject: identifier, four-digit number, or part of the instance.
    content : str or None
        Hash of the event's content (its payload).
    facts : mapping
        Numbers and days, such as ledger changes in persons and the day of an answer.
    """

    id: int
    at: datetime
    day: date
    actor: str
    reason: str
    kind: EventKind
    household: str | None = None
    municipality: str | None = None
    part: str | None = None
    content: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """Write day, kind, subject, numbers, actor and reason in one line."""
        subject = self.household or self.part or ""
        numbers = ", ".join(f"{name} {value}" for name, value in self.facts.items())
        text = " ".join(word for word in (str(self.kind), subject, f"({numbers})") if word)
        return f"{self.day} {text} by {self.actor}: {self.reason}"


def append_events(connection: Connection, events: Iterable[Event]) -> None:
    """Append events to the event stream."""
    rows = [asdict(event) for event in events]
    if rows:
        connection.execute(insert(tables.events), rows)


def read_events(
    connection: Connection, *where: ColumnElement[bool], newest: int | None = None
) -> Iterator[Event]:
    """Read events in order, or only the ``newest`` ones, newest first.

    Parameters
    ----------
    where : column conditions
        On ``matcher.store.tables.events``.
    newest : int or None
        Number of events at most, from the end of the stream.
    """
    order = tables.events.c.id if newest is None else tables.events.c.id.desc()
    query = select(tables.events).where(*where).order_by(order).limit(newest)
    for row in connection.execute(query).mappings():
        yield Event(**{**row, "kind": EventKind(row["kind"])})
