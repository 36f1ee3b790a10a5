"""The unit of work: the changes of one transaction, all recorded or none."""

from collections.abc import Iterable
from datetime import UTC, date
from typing import Any

from sqlalchemy import Connection, Table, func, select

from matcher.domain.errors import UnknownHouseholdError, UnknownMunicipalityError
from matcher.store import tables
from matcher.store.errors import FutureDayError, OutOfOrderError, VersionConflictError
from matcher.store.events import Event, EventKind, append_events
from matcher.store.household_state import HouseholdState
from matcher.store.municipality_state import MunicipalityState, changes_municipality
from matcher.store.payloads import hash_payload, insert_payloads
from matcher.store.projections import (
    PartState,
    Projections,
    load_projections,
    load_state,
    save_states,
)
from matcher.store.stamp import Stamp

SELECT_LATEST_EVENT_ID = select(func.max(tables.events.c.id))
"""Identifier of the latest event. The query runs before every answer, so it is built only once."""


class UnitOfWork:
    """The unit of work of one transaction.

    Parameters
    ----------
    connection : Connection
        A connection in a transaction that keeps other writers out until it ends.
    today : date or None
        The present day, after which nothing can be dated; None where any day is accepted.
    """

    def __init__(self, connection: Connection, today: date | None = None) -> None:
        self.connection, self.today = connection, today
        self.projections = Projections()
        self._all_loaded = False
        self._new_events: list[Event] = []
        self._new_contents: dict[str, tuple[str, str]] = {}
        self._latest_id = read_latest_event_id(connection)

    def load_all_states(self) -> None:
        """Load all states into memory, as an import needs them."""
        self.flush()
        self.projections = load_projections(self.connection)
        self._all_loaded = True

    def get_household_state(self, identifier: str, version: int | None = None) -> HouseholdState:
        """Return a household's state.

        Parameters
        ----------
        identifier : str
            Identifier of the household.
        version : int or None
            The version that the caller has read; None skips the check.

        Raises
        ------
        UnknownHouseholdError
            When the store has no event of it.
        VersionConflictError
            When the household is at another version.
        """
        state = self._find(tables.households, self.projections.households, identifier)
        if state is None:
            raise UnknownHouseholdError(f"household {identifier} is not in the store")
        household: HouseholdState = state
        _check_version(f"household {identifier}", household.version, version)
        return household

    def get_municipality_state(self, number: str, version: int | None = None) -> MunicipalityState:
        """Return a municipality's state.

        Raises
        ------
        UnknownMunicipalityError
            When the store has no event of it.
        VersionConflictError
            When a version is given and the municipality is at another version.
        """
        state = self._find(tables.municipalities, self.projections.municipalities, number)
        if state is None:
            raise UnknownMunicipalityError(f"municipality {number} is not in the store")
        municipality: MunicipalityState = state
        _check_version(f"municipality {number}", municipality.version, version)
        return municipality

    def get_part_state(self, name: str) -> PartState | None:
        """Return the state of another part of an instance; None when nothing was ever imported."""
        state: PartState | None = self._find(tables.parts, self.projections.parts, name)
        return state

    def add_payload(self, kind: str, body: str) -> str:
        """Add a content to be stored, and return its hash."""
        hash_ = hash_payload(kind, body)
        self._new_contents[hash_] = (kind, body)
        return hash_

    def record(self, kind: EventKind, stamp: Stamp, **subject: Any) -> Event:
        """Record one event and apply it to the states.

        Parameters
        ----------
        kind : EventKind
            What happened.
        stamp : Stamp
            When it happened, who did it, and why. Callers check the version.
        subject
            ``household``, ``municipality``, ``part``, ``content``, ``facts`` of the event.

        Raises
        ------
        OutOfOrderError
            When a subject already has an event of a later day.
        FutureDayError
            When the day is after the present day.
        """
        self.check_day(stamp.at.date())
        moment = stamp.at.astimezone(UTC)
        event = Event(
            self._latest_id + 1,
            moment,
            stamp.at.date(),
            stamp.actor,
            stamp.reason,
            kind,
            **subject,
        )
        self._check_order(event)
        self._latest_id = event.id
        self._new_events.append(event)
        self.projections.apply(event)
        return event

    def check_day(self, day: date) -> None:
        """Check that something is not dated after the present day.

        Raises
        ------
        FutureDayError
            When it is; what is dated ahead would hold until then, and keep changes out.
        """
        if self.today is not None and day > self.today:
            raise FutureDayError(day, self.today)

    def flush(self) -> None:
        """Write what has been recorded so far to the database."""
        insert_payloads(self.connection, self._new_contents)
        append_events(self.connection, self._new_events)
        save_states(self.connection, self._changed_states())
        self._new_contents, self._new_events = {}, []

    def _changed_states(self) -> Iterable[tuple[Table, str, Any]]:
        if not self._new_events:
            return []
        first_id = self._new_events[0].id
        return [entry for entry in self.projections.states() if entry[2].version >= first_id]

    def _find(self, table: Table, states: dict[str, Any], key: str | None) -> Any:
        """Return a state, loaded from its snapshot when it is not in memory; None without one."""
        if key is None:
            return None
        if key not in states and not self._all_loaded:
            state = load_state(self.connection, table, key)
            if state is None:
                return None
            states[key] = state
        return states.get(key)

    def _load_subjects(self, event: Event) -> list[Any]:
        """Load the states to which an event is applied; return those it must come after."""
        household = self._find(tables.households, self.projections.households, event.household)
        part = self._find(tables.parts, self.projections.parts, event.part)
        municipality = self._find(
            tables.municipalities, self.projections.municipalities, event.municipality
        )
        ordered = [household, part, municipality if changes_municipality(event) else None]
        return [state for state in ordered if state is not None]

    def _check_order(self, event: Event) -> None:
        latest = max((state.day for state in self._load_subjects(event)), default=date.min)
        if event.day < latest:
            subject = event.household or event.municipality or event.part
            raise OutOfOrderError(
                f"{event.kind} of {subject} is dated {event.day}, but something is recorded on"
                f" {latest}: date it {latest} or later"
            )


def _check_version(subject: str, version: int, expected: int | None) -> None:
    if expected is not None and version != expected:
        raise VersionConflictError(f"{subject} is at version {version}, not {expected}: look again")


def read_latest_event_id(connection: Connection) -> int:
    """Return the identifier of the latest event, 0 when there is none."""
    return connection.execute(SELECT_LATEST_EVENT_ID).scalar() or 0
