"""The instance to plan on, on any day: what was known at the end of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, func, select

from matcher.domain import Answer, Household, Instance, Municipality, Placement, Plan
from matcher.store.database import tables
from matcher.store.database.books import Books, load_books
from matcher.store.database.contents import (
    DWELLINGS,
    HOUSEHOLD,
    LINKS,
    MUNICIPALITY,
    NAMES,
    PLACEMENTS,
    TRAVEL_TIMES,
    get_contents,
    pairs_from,
)
from matcher.store.database.errors import UnusableInstanceError
from matcher.store.database.events import read_events
from matcher.store.database.household_state import HouseholdState, Status
from matcher.store.database.store import Store

WAITING = (Status.READY, Status.PROPOSED)
HOLDING = (Status.PROMISED, Status.SETTLED)


@dataclass(frozen=True, slots=True)
class _Said:
    """Books with the texts that they refer to."""

    books: Books
    texts: Mapping[str, str]

    def part(self, name: str) -> str:
        return self.texts[self.books.parts[name].content]


def books_at(connection: Connection, day: date) -> Books:
    """Give all states as they were at the end of a day.

    Parameters
    ----------
    day : date
        From the snapshots when nothing has happened after it, else from the events.
    """
    latest = connection.execute(select(func.max(tables.events.c.day))).scalar()
    if latest is None or latest <= day:
        return load_books(connection)
    return Books.replay(read_events(connection, tables.events.c.day <= day))


def instance_at(store: Store, day: date) -> Instance:
    """Give the instance to plan on, as known at the end of a day.

    Who is ready or proposed is in the queue; open proposals are the earlier plan. A municipality's
    no is a ban. Who is linked to a household that is promised or settled is pinned to the same
    municipality. Promised dwellings are not free.

    Parameters
    ----------
    day : date
        The instance's ``today``.

    Raises
    ------
    UnusableInstanceError
        When nothing had been imported by then.
    ErasedError
        When something that is needed has been erased since.
    """
    with store.reading() as connection:
        books = books_at(connection, day)
        if not books.parts:
            raise UnusableInstanceError(f"nothing was imported by {day}")
        said = _Said(books, get_contents(connection, _hashes(books)))
    queue = tuple(_households(said))
    pairs = said.part("probabilities")
    waiting = {h.id for h in queue}
    links = LINKS.validate_json(said.part("links"))
    return Instance(
        today=day,
        households=queue,
        municipalities=tuple(_municipalities(said)),
        name=NAMES.validate_json(said.part("name"))[0],
        links=tuple(pair for pair in links if waiting.issuperset(pair)),
        travel_times=TRAVEL_TIMES.validate_json(said.part("travel_times")),
        earlier_plan=_earlier_plan(said, queue),
        probabilities=pairs_from(pairs) if pairs else None,
        made_up=NAMES.validate_json(said.part("made_up")),
    )


def _hashes(books: Books) -> Iterable[str]:
    yield from (state.content for state in books.parts.values())
    yield from (s.content for s in books.households.values() if s.status in WAITING)
    for state in books.municipalities.values():
        yield state.content
        yield state.dwellings


def _households(said: _Said) -> Iterable[Household]:
    pins = _pins(said)
    for identifier in NAMES.validate_json(said.part("households")):
        state = said.books.households[identifier]
        if state.status in WAITING:
            yield _household(said, state, pins.get(identifier))


def _household(said: _Said, state: HouseholdState, pin: str | None) -> Household:
    household = state.known(HOUSEHOLD.validate_json(said.texts[state.content]))
    return replace(household, pinned_to=household.pinned_to or pin)


def _pins(said: _Said) -> dict[str, str]:
    """Give the municipality of the other household of each link, when it is decided."""
    pins = {}
    for pair in LINKS.validate_json(said.part("links")):
        for one, other in (pair, pair[::-1]):
            state = said.books.households.get(other)
            if state is not None and state.status in HOLDING and state.municipality is not None:
                pins[one] = state.municipality
    return pins


def _municipalities(said: _Said) -> Iterable[Municipality]:
    taken = {
        s.dwelling for s in said.books.households.values() if s.status in HOLDING and s.dwelling
    }
    for number in NAMES.validate_json(said.part("municipalities")):
        state = said.books.municipalities[number]
        homes = DWELLINGS.validate_json(said.texts[state.dwellings])
        place = MUNICIPALITY.validate_json(said.texts[state.content])
        yield replace(
            place,
            ledger=state.ledger,
            reports_dwellings=Answer.YES if state.reports_dwellings else place.reports_dwellings,
            dwellings=tuple(home for home in homes if home.id not in taken),
        )


def _earlier_plan(said: _Said, queue: Iterable[Household]) -> Plan:
    """Give open proposals: those of the files, and those made since, which go before them."""
    states = [said.books.households[household.id] for household in queue]
    made = {s.id: s.municipality for s in states if s.status is Status.PROPOSED and s.municipality}
    open_ = {s.id for s in states if s.id not in made and not s.refused}
    filed = PLACEMENTS.validate_json(said.part("earlier_plan"))
    kept = [p for p in filed if p.household in open_]
    return Plan((*kept, *(Placement(household, number) for household, number in made.items())))
