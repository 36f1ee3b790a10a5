"""The books: every state there is, as the events say or as the snapshots have kept it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, insert, select

from matcher.store.database import tables
from matcher.store.database.events import Event
from matcher.store.database.household_state import HouseholdState, household_after
from matcher.store.database.municipality_state import MunicipalityState, municipality_after


@dataclass(frozen=True, slots=True)
class PartState:
    """Another part of an instance after its latest event.

    Parameters
    ----------
    name : str
        Which part, such as ``links``.
    content : str
        Hash of what was stated.
    version : int
        Identifier of the latest event.
    day : date
        Day of the latest event.
    """

    name: str
    content: str = ""
    version: int = 0
    day: date = date.min


@dataclass(slots=True)
class Books:
    """States by identifier; the only value that changes, one event at a time.

    Parameters
    ----------
    households, municipalities, parts : dict
        States by identifier, number and name.
    """

    households: dict[str, HouseholdState] = field(default_factory=dict)
    municipalities: dict[str, MunicipalityState] = field(default_factory=dict)
    parts: dict[str, PartState] = field(default_factory=dict)

    @classmethod
    def replay(cls, happened: Iterable[Event]) -> Self:
        """Give the books that events, in order, lead to."""
        books = cls()
        for event in happened:
            books.apply(event)
        return books

    def apply(self, event: Event) -> None:
        """Take in one more event."""
        if event.household is not None:
            before = self.households.get(event.household)
            self.households[event.household] = household_after(before, event)
        if event.municipality is not None:
            place = self.municipalities.get(event.municipality)
            self.municipalities[event.municipality] = municipality_after(place, event)
        if event.part is not None:
            self.parts[event.part] = PartState(event.part, event.content or "", event.id, event.day)

    def states(self) -> Iterator[tuple[Table, str, Any]]:
        """Give table, identifier and state of everything in the books."""
        for table, column in ((t, getattr(self, name)) for t, name in NAMES.items()):
            for key, state in column.items():
                yield table, key, state


NAMES = {
    tables.households: "households",
    tables.municipalities: "municipalities",
    tables.parts: "parts",
}
ADAPTERS: dict[Table, TypeAdapter[Any]] = {
    tables.households: TypeAdapter(HouseholdState),
    tables.municipalities: TypeAdapter(MunicipalityState),
    tables.parts: TypeAdapter(PartState),
}


def _key(table: Table) -> Any:
    return next(iter(table.primary_key))


def load_state(connection: Connection, table: Table, key: str) -> Any:
    """Give one state from its snapshot, or None."""
    query = select(table.c.state).where(_key(table) == key)
    found = connection.execute(query).scalar_one_or_none()
    return None if found is None else ADAPTERS[table].validate_json(found)


def load_states(connection: Connection, table: Table, *where: ColumnElement[bool]) -> list[Any]:
    """Give the states of a table from their snapshots, those that conditions select."""
    rows = connection.execute(select(table.c.state).where(*where)).scalars()
    return [ADAPTERS[table].validate_json(text) for text in rows]


def load_books(connection: Connection) -> Books:
    """Give all states from their snapshots."""
    books = Books()
    for table, name in NAMES.items():
        rows = connection.execute(select(_key(table), table.c.state))
        getattr(books, name).update({k: ADAPTERS[table].validate_json(s) for k, s in rows})
    return books


def save_states(connection: Connection, states: Iterable[tuple[Table, str, Any]]) -> None:
    """Put states in place of their earlier snapshots."""
    rows: dict[Table, list[dict[str, Any]]] = {table: [] for table in NAMES}
    for table, key, state in states:
        text = ADAPTERS[table].dump_json(state).decode()
        row = {_key(table).name: key, "version": state.version, "state": text}
        if table is tables.households:
            row |= {"status": str(state.status), "municipality": state.municipality}
        rows[table].append(row)
    for table, new in rows.items():
        if new:
            keys = [{"key": row[_key(table).name]} for row in new]
            connection.execute(delete(table).where(_key(table) == bindparam("key")), keys)
            connection.execute(insert(table), new)
