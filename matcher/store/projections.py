"""Projections: the state of every household, municipality and part.

States are computed by replaying the events, or read from the snapshots.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, insert, select

from matcher.store import tables
from matcher.store.events import Event, read_events
from matcher.store.household_state import HouseholdState, apply_to_household
from matcher.store.municipality_state import MunicipalityState, apply_to_municipality
from matcher.store.payloads import LINKS_ADAPTER, load_present_payloads


@dataclass(frozen=True, slots=True)
class PartState:
    """The state of another part of an instance after its latest event.

    Parameters
    ----------
    name : str
        Name of the part, such as ``links``.
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
class Projections:
    """All states by identifier; changed in place by one event at a time.

    Parameters
    ----------
    households, municipalities, parts : dict
        States by identifier, number and name.
    """

    households: dict[str, HouseholdState] = field(default_factory=dict)
    municipalities: dict[str, MunicipalityState] = field(default_factory=dict)
    parts: dict[str, PartState] = field(default_factory=dict)

    @classmethod
    def replay(cls, events: Iterable[Event]) -> Self:
        """Build the states by applying events in order."""
        projections = cls()
        for event in events:
            projections.apply(event)
        return projections

    def apply(self, event: Event) -> None:
        """Apply one event to the states of its subjects."""
        if event.household is not None:
            household = self.households.get(event.household)
            self.households[event.household] = apply_to_household(household, event)
        if event.municipality is not None:
            municipality = self.municipalities.get(event.municipality)
            self.municipalities[event.municipality] = apply_to_municipality(municipality, event)
        if event.part is not None:
            self.parts[event.part] = PartState(event.part, event.content or "", event.id, event.day)

    def states(self) -> Iterator[tuple[Table, str, Any]]:
        """Iterate over table, identifier and state of every state."""
        for table, name in PROJECTION_NAMES.items():
            for key, state in getattr(self, name).items():
                yield table, key, state


PROJECTION_NAMES = {
    tables.households: "households",
    tables.municipalities: "municipalities",
    tables.parts: "parts",
}
STATE_ADAPTERS: dict[Table, TypeAdapter[Any]] = {
    tables.households: TypeAdapter(HouseholdState),
    tables.municipalities: TypeAdapter(MunicipalityState),
    tables.parts: TypeAdapter(PartState),
}


def _key_column(table: Table) -> Any:
    return next(iter(table.primary_key))


def load_state(connection: Connection, table: Table, key: str) -> Any:
    """Load one state from its snapshot; None when there is none."""
    query = select(table.c.state).where(_key_column(table) == key)
    text = connection.execute(query).scalar_one_or_none()
    return None if text is None else STATE_ADAPTERS[table].validate_json(text)


def load_states(connection: Connection, table: Table, *where: ColumnElement[bool]) -> list[Any]:
    """Load the states of a table from the snapshots that meet all conditions."""
    rows = connection.execute(select(table.c.state).where(*where)).scalars()
    return [STATE_ADAPTERS[table].validate_json(text) for text in rows]


def load_projections(connection: Connection) -> Projections:
    """Load all states from their snapshots."""
    projections = Projections()
    for table, name in PROJECTION_NAMES.items():
        rows = connection.execute(select(_key_column(table), table.c.state))
        getattr(projections, name).update(
            {k: STATE_ADAPTERS[table].validate_json(s) for k, s in rows}
        )
    return projections


def save_states(connection: Connection, states: Iterable[tuple[Table, str, Any]]) -> None:
    """Write states as snapshots, in place of their earlier snapshots."""
    rows: dict[Table, list[dict[str, Any]]] = {table: [] for table in PROJECTION_NAMES}
    for table, key, state in states:
        text = STATE_ADAPTERS[table].dump_json(state).decode()
        row = {_key_column(table).name: key, "version": state.version, "state": text}
        if table is tables.households:
            row |= {"status": str(state.status), "municipality": state.municipality}
        rows[table].append(row)
    for table, new_rows in rows.items():
        if new_rows:
            keys = [{"key": row[_key_column(table).name]} for row in new_rows]
            connection.execute(delete(table).where(_key_column(table) == bindparam("key")), keys)
            connection.execute(insert(table), new_rows)


def replace_snapshots(connection: Connection) -> None:
    """Replace all snapshots by a replay of the events."""
    replayed = Projections.replay(read_events(connection))
    for table in PROJECTION_NAMES:
        connection.execute(delete(table))
    save_states(connection, replayed.states())


def load_links(connection: Connection) -> Mapping[str, tuple[str, ...]]:
    """Load the directly linked households of each household."""
    part = load_state(connection, tables.parts, "links")
    links: dict[str, tuple[str, ...]] = {}
    if part is None:
        return links
    text = load_present_payloads(connection, [part.content]).get(part.content, "[]")
    for pair in LINKS_ADAPTER.validate_json(text):
        for household, partner in (pair, pair[::-1]):
            links[household] = (*links.get(household, ()), partner)
    return links
