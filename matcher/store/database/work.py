"""Work: the changes of one transaction, all recorded or none."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Table, func, select

from matcher.errors import UnknownHouseholdError, UnknownMunicipalityError
from matcher.store.database import tables
from matcher.store.database.books import Books, PartState, load_books, load_state, save_states
from matcher.store.database.contents import hash_of, put_contents
from matcher.store.database.errors import ChangedSinceError, ChangeError, OutOfOrderError
from matcher.store.database.events import Event, EventKind, write_events
from matcher.store.database.household_state import HouseholdState
from matcher.store.database.municipality_state import MunicipalityState

LATEST = select(func.max(tables.events.c.id))
"""The latest event. Asked before every answer, so put together only once."""


class Work:
    """What is being recorded in one transaction.

    Parameters
    ----------
    connection : Connection
        In a transaction that keeps other writers out until it ends.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.books = Books()
        self._everything = False
        self._happened: list[Event] = []
        self._said: dict[str, tuple[str, str]] = {}
        self._latest = latest_event(connection)

    def load_everything(self) -> None:
        """Have all states at hand, as an import needs."""
        self.flush()
        self.books = load_books(self.connection)
        self._everything = True

    def household(self, identifier: str, version: int | None = None) -> HouseholdState:
        """Give a household's state.

        Parameters
        ----------
        identifier : str
            Which household.
        version : int or None
            What the caller looked at; None when it makes no difference.

        Raises
        ------
        UnknownHouseholdError
            When the store has never heard of it.
        ChangedSinceError
            When it is at another version.
        """
        state = self._find(tables.households, self.books.households, identifier)
        if state is None:
            raise UnknownHouseholdError(f"household {identifier} is not in the store")
        found: HouseholdState = state
        _check_version(f"household {identifier}", found.version, version)
        return found

    def municipality(self, number: str, version: int | None = None) -> MunicipalityState:
        """Give a municipality's state.

        Raises
        ------
        UnknownMunicipalityError
            When the store has never heard of it.
        ChangedSinceError
            When a version is given and it is at another.
        """
        state = self._find(tables.municipalities, self.books.municipalities, number)
        if state is None:
            raise UnknownMunicipalityError(f"municipality {number} is not in the store")
        found: MunicipalityState = state
        _check_version(f"municipality {number}", found.version, version)
        return found

    def part(self, name: str) -> PartState | None:
        """Give the state of another part of an instance, None when nothing was ever imported."""
        found: PartState | None = self._find(tables.parts, self.books.parts, name)
        return found

    def say(self, kind: str, body: str) -> str:
        """Keep a content and give its hash."""
        hash_ = hash_of(kind, body)
        self._said[hash_] = (kind, body)
        return hash_

    def record(
        self, kind: EventKind, *, at: datetime, actor: str, reason: str, **subject: Any
    ) -> Event:
        """Record one event and take it into the books.

        Parameters
        ----------
        kind : EventKind
            What happened.
        at : datetime
            When, with a time zone; its day in that zone is the day it counts from.
        actor, reason : str
            Who and why.
        subject
            ``household``, ``municipality``, ``part``, ``content``, ``facts`` of the event.

        Raises
        ------
        ChangeError
            When the moment has no time zone, or there is no actor or no reason.
        OutOfOrderError
            When a subject already has an event of a later day.
        """
        if at.tzinfo is None:
            raise ChangeError(f"the moment {at} has no time zone; give one")
        if not actor.strip() or not reason.strip():
            raise ChangeError("a change needs an actor and a reason")
        event = Event(
            self._latest + 1, at.astimezone(UTC), at.date(), actor, reason, kind, **subject
        )
        self._check_order(event)
        self._latest = event.id
        self._happened.append(event)
        self.books.apply(event)
        return event

    def flush(self) -> None:
        """Send to the database what has been recorded so far."""
        put_contents(self.connection, self._said)
        write_events(self.connection, self._happened)
        save_states(self.connection, self._touched())
        self._said, self._happened = {}, []

    def _touched(self) -> Iterable[tuple[Table, str, Any]]:
        if not self._happened:
            return []
        first = self._happened[0].id
        return [found for found in self.books.states() if found[2].version >= first]

    def _find(self, table: Table, known: dict[str, Any], key: str | None) -> Any:
        if key is None:
            return None
        if key not in known and not self._everything:
            state = load_state(self.connection, table, key)
            if state is None:
                return None
            known[key] = state
        return known.get(key)

    def _check_order(self, event: Event) -> None:
        states = (
            self._find(tables.households, self.books.households, event.household),
            self._find(tables.municipalities, self.books.municipalities, event.municipality),
            self._find(tables.parts, self.books.parts, event.part),
        )
        latest = max((s.day for s in states if s is not None), default=date.min)
        if event.day < latest:
            subject = event.household or event.municipality or event.part
            raise OutOfOrderError(
                f"{event.kind} of {subject} is dated {event.day}, but something is recorded on"
                f" {latest}: date it {latest} or later"
            )


def _check_version(what: str, found: int, looked_at: int | None) -> None:
    if looked_at is not None and found != looked_at:
        raise ChangedSinceError(f"{what} is at version {found}, not {looked_at}: look again")


def latest_event(connection: Connection) -> int:
    """Give the identifier of the latest event, 0 when there is none."""
    return connection.execute(LATEST).scalar() or 0
