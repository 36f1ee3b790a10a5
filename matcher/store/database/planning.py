"""The instance to plan on, on any day: what was known at the end of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, not_, or_, select

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
class Said:
    """Books with the texts that they refer to.

    Parameters
    ----------
    books : Books
    texts : mapping of str to str
        Contents by hash; no more than what is asked for needs to be there.
    """

    books: Books
    texts: Mapping[str, str]

    def part(self, name: str) -> str:
        """Give the text of a part of the instance."""
        return self.texts[self.books.parts[name].content]

    def names(self, part: str) -> tuple[str, ...]:
        """Give identifiers of households, or numbers of municipalities, in their order."""
        named: tuple[str, ...] = NAMES.validate_json(self.part(part))
        return named

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """Households that must come to the same municipality."""
        pairs: tuple[tuple[str, str], ...] = LINKS.validate_json(self.part("links"))
        return pairs


def books_at(connection: Connection, day: date, upto: int | None = None) -> Books:
    """Give all states as they were at the end of a day.

    Parameters
    ----------
    day : date
    upto : int or None
        The last event that was known then; None for all there are.
    """
    c = tables.events.c
    since = c.day > day if upto is None else or_(c.day > day, c.id > upto)
    return _without(connection, load_books(connection), since)


def books_before(connection: Connection, now: Books, upto: int) -> Books:
    """Give states as they were after an earlier event, from those of now.

    Parameters
    ----------
    now : Books
        Left as they are.
    upto : int
        Identifier of that event.
    """
    books = Books(dict(now.households), dict(now.municipalities), dict(now.parts))
    return _without(connection, books, tables.events.c.id > upto)


def _without(connection: Connection, books: Books, since: ColumnElement[bool]) -> Books:
    """Take back what some latest events did: only what they touched is told anew."""
    c = tables.events.c
    subjects = (c.household, c.municipality, c.part)
    touched = (column.in_(select(column).where(since)) for column in subjects)
    then = Books.replay(read_events(connection, not_(since), or_(*touched)))
    for states, before, column in (
        (books.households, then.households, c.household),
        (books.municipalities, then.municipalities, c.municipality),
        (books.parts, then.parts, c.part),
    ):
        keys = select(column).where(since, column.is_not(None)).distinct()
        _put_back(states, before, connection.execute(keys).scalars())
    return books


def _put_back(states: dict[str, Any], then: dict[str, Any], keys: Iterable[str]) -> None:
    for key in keys:
        states.pop(key)
        if key in then:
            states[key] = then[key]


def instance_at(store: Store, day: date, upto: int | None = None) -> Instance:
    """Give the instance to plan on, as known at the end of a day.

    Who is ready or proposed is in the queue; open proposals are the earlier plan. A municipality's
    no is a ban. Who is linked to a household that is promised or settled is pinned to the same
    municipality. Promised dwellings are not free.

    Parameters
    ----------
    day : date
        The instance's ``today``.
    upto : int or None
        The last event that was known then, to plan again as on an earlier night; None for all.

    Raises
    ------
    UnusableInstanceError
        When nothing had been imported by then.
    ErasedError
        When something that is needed has been erased since.
    """
    with store.reading() as connection:
        books = books_at(connection, day, upto)
        if not books.parts:
            raise UnusableInstanceError(
                f"nothing was imported by {day}; take the queue's files in first, as"
                " `treffsikker nightly --import FOLDER` does"
            )
        return _instance(connection, books, day)


def _instance(connection: Connection, books: Books, day: date) -> Instance:
    said = Said(books, get_contents(connection, _hashes(books)))
    queue = waiting_households(said, said.names("households"))
    places = municipalities(said, said.names("municipalities"))
    pairs = said.part("probabilities")
    return Instance(
        today=day,
        households=tuple(queue.values()),
        municipalities=tuple(places.values()),
        name=said.names("name")[0],
        travel_times=TRAVEL_TIMES.validate_json(said.part("travel_times")),
        probabilities=pairs_from(pairs) if pairs else None,
        made_up=said.names("made_up"),
        **of_queue(said, queue),
    )


def _hashes(books: Books) -> Iterable[str]:
    yield from (state.content for state in books.parts.values())
    yield from (s.content for s in books.households.values() if s.status in WAITING)
    for state in books.municipalities.values():
        yield state.content
        yield state.dwellings


def waiting_households(said: Said, identifiers: Iterable[str]) -> dict[str, Household]:
    """Give those of some households who wait, in the order asked."""
    pins = _pins(said)
    states = (said.books.households[identifier] for identifier in identifiers)
    return {s.id: _household(said, s, pins.get(s.id)) for s in states if s.status in WAITING}


def _household(said: Said, state: HouseholdState, pin: str | None) -> Household:
    household = state.known(HOUSEHOLD.validate_json(said.texts[state.content]))
    return replace(household, pinned_to=household.pinned_to or pin)


def _pins(said: Said) -> dict[str, str]:
    """Give the municipality of the other household of each link, when it is decided."""
    pins = {}
    for pair in said.links:
        for one, other in (pair, pair[::-1]):
            state = said.books.households.get(other)
            if state is not None and state.status in HOLDING and state.municipality is not None:
                pins[one] = state.municipality
    return pins


def municipalities(said: Said, numbers: Iterable[str]) -> dict[str, Municipality]:
    """Give some municipalities as they are, in the order asked."""
    taken = {
        s.dwelling for s in said.books.households.values() if s.status in HOLDING and s.dwelling
    }
    return {number: _municipality(said, number, taken) for number in numbers}


def _municipality(said: Said, number: str, taken: set[str]) -> Municipality:
    state = said.books.municipalities[number]
    homes = DWELLINGS.validate_json(said.texts[state.dwellings])
    place = MUNICIPALITY.validate_json(said.texts[state.content])
    return replace(
        place,
        ledger=state.ledger,
        reports_dwellings=Answer.YES if state.reports_dwellings else place.reports_dwellings,
        dwellings=tuple(home for home in homes if home.id not in taken),
    )


def of_queue(said: Said, queue: Mapping[str, Household]) -> dict[str, Any]:
    """Give what else an instance says of a queue: links within it, open proposals."""
    return {
        "links": tuple(pair for pair in said.links if queue.keys() >= set(pair)),
        "earlier_plan": _earlier_plan(said, queue.values()),
    }


def _earlier_plan(said: Said, queue: Iterable[Household]) -> Plan:
    """Give open proposals: those of the files, and those made since, which go before them."""
    states = [said.books.households[household.id] for household in queue]
    made = {s.id: s.municipality for s in states if s.status is Status.PROPOSED and s.municipality}
    open_ = {s.id for s in states if s.id not in made and not s.refused}
    filed = PLACEMENTS.validate_json(said.part("earlier_plan"))
    kept = [p for p in filed if p.household in open_]
    return Plan((*kept, *(Placement(household, number) for household, number in made.items())))
