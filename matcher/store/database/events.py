"""An event: what happened to whom, when, by whom and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select

from matcher.store.database import tables


class EventKind(StrEnum):
    """What can happen: to a household, to a municipality, or to the rest of an instance."""

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
    COUNTED = "counted"
    REVISED = "revised"
    YEAR_BEGUN = "year begun"
    STATED = "stated"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; never changed afterwards.

    Parameters
    ----------
    id : int
        Place in the order of all events, from 1, without gaps.
    at : datetime
        When, in UTC.
    day : date
        The day it counts from: the day of ``at`` in the time zone that the caller gave.
    actor, reason : str
        Who did it, and why.
    kind : EventKind
        What happened.
    household, municipality, part : str or None
        To whom: identifier, four-digit number, part of the instance.
    content : str or None
        Hash of what was said.
    facts : mapping
        Numbers and days: ledger changes in persons, the day of an answer.
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
        """Day, kind, subject, numbers, actor and reason in one line."""
        subject = self.household or self.part or ""
        numbers = ", ".join(f"{name} {value}" for name, value in self.facts.items())
        said = " ".join(word for word in (str(self.kind), subject, f"({numbers})") if word)
        return f"{self.day} {said} by {self.actor}: {self.reason}"


def write_events(connection: Connection, happened: Iterable[Event]) -> None:
    """Append events."""
    rows = [asdict(event) for event in happened]
    if rows:
        connection.execute(insert(tables.events), rows)


def read_events(
    connection: Connection, *where: ColumnElement[bool], newest: int | None = None
) -> Iterator[Event]:
    """Give events in order, or the ``newest`` few with the newest first.

    Parameters
    ----------
    where : column conditions
        On ``matcher.store.database.tables.events``.
    newest : int or None
        How many at most, from the end.
    """
    order = tables.events.c.id if newest is None else tables.events.c.id.desc()
    query = select(tables.events).where(*where).order_by(order).limit(newest)
    for row in connection.execute(query).mappings():
        yield Event(**{**row, "kind": EventKind(row["kind"])})
