"""Load the instance to plan on for any day, as it was known at the end of that day."""

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
    """States with the texts of the contents that they refer to.

    Parameters
    ----------
    books : Books
        The states.
    texts : mapping of str to str
        Contents by hash; only the texts that the caller reads need to be present.
    """

    books: Books
    texts: Mapping[str, str]

    def part(self, name: str) -> str:
        """Return the text of a part of the instance."""
        return self.texts[self.books.parts[name].content]

    def names(self, part: str) -> tuple[str, ...]:
        """Return a part that lists names, such as the identifiers of the queue, in its order."""
        names: tuple[str, ...] = NAMES.validate_json(self.part(part))
        return names

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """Households that must come to the same municipality."""
        pairs: tuple[tuple[str, str], ...] = LINKS.validate_json(self.part("links"))
        return pairs


def books_at(connection: Connection, day: date, upto: int | None = None) -> Books:
    """Load all states as they were at the end of a day.

    Parameters
    ----------
    day : date
        Leave out events of later days.
    upto : int or None
        Identifier of the last event to apply; None for no limit.
    """
    c = tables.events.c
    since = c.day > day if upto is None else or_(c.day > day, c.id > upto)
    return _rewound(connection, load_books(connection), since)


def books_before(connection: Connection, now: Books, upto: int) -> Books:
    """Compute the states after an earlier event from the present states.

    Parameters
    ----------
    now : Books
        The present states; not modified.
    upto : int
        Identifier of that event.
    """
    books = Books(dict(now.households), dict(now.municipalities), dict(now.parts))
    return _rewound(connection, books, tables.events.c.id > upto)


def _rewound(connection: Connection, books: Books, since: ColumnElement[bool]) -> Books:
    """Remove the effect of the latest events by replaying only the subjects that they touched."""
    c = tables.events.c
    subjects = (c.household, c.municipality, c.part)
    touched = (column.in_(select(column).where(since)) for column in subjects)
    replayed = Books.replay(read_events(connection, not_(since), or_(*touched)))
    for states, earlier, column in (
        (books.households, replayed.households, c.household),
        (books.municipalities, replayed.municipalities, c.municipality),
        (books.parts, replayed.parts, c.part),
    ):
        keys = select(column).where(since, column.is_not(None)).distinct()
        _restore(states, earlier, connection.execute(keys).scalars())
    return books


def _restore(states: dict[str, Any], earlier: dict[str, Any], keys: Iterable[str]) -> None:
    for key in keys:
        states.pop(key)
        if key in earlier:
            states[key] = earlier[key]


def instance_at(store: Store, day: date, upto: int | None = None) -> Instance:
    """Load the instance to plan on, as known at the end of a day.

    The queue holds the ready and the proposed households; open proposals are the earlier plan. A
    municipality's no is a ban. A household that is linked to a promised or settled household is
    pinned to the same municipality. Promised dwellings are left out.

    Parameters
    ----------
    day : date
        The instance's ``today``.
    upto : int or None
        Identifier of the last event to apply, to repeat the plan of an earlier night; None for no
        limit.

    Raises
    ------
    UnusableInstanceError
        When nothing had been imported by that day.
    ErasedError
        When a content that the instance needs has been erased since.
    """
    with store.reading() as connection:
        books = books_at(connection, day, upto)
        if not books.parts:
            raise UnusableInstanceError(
                f"nothing was imported by {day}; take the queue's files in first, as"
                " `treffsikker nightly --import FOLDER` does"
            )
        return _build_instance(connection, books, day)


def _build_instance(connection: Connection, books: Books, day: date) -> Instance:
    resolved = Said(books, get_contents(connection, _needed_hashes(books)))
    queue = waiting_households(resolved, resolved.names("households"))
    places = municipalities(resolved, resolved.names("municipalities"))
    pairs = resolved.part("probabilities")
    return Instance(
        today=day,
        households=tuple(queue.values()),
        municipalities=tuple(places.values()),
        name=resolved.names("name")[0],
        travel_times=TRAVEL_TIMES.validate_json(resolved.part("travel_times")),
        probabilities=pairs_from(pairs) if pairs else None,
        made_up=resolved.names("made_up"),
        **of_queue(resolved, queue),
    )


def _needed_hashes(books: Books) -> Iterable[str]:
    yield from (state.content for state in books.parts.values())
    yield from (s.content for s in books.households.values() if s.status in WAITING)
    for state in books.municipalities.values():
        yield state.content
        yield state.dwellings


def waiting_households(said: Said, identifiers: Iterable[str]) -> dict[str, Household]:
    """Build the households that wait, of those given, in the given order."""
    pins = _pins_by_links(said)
    states = (said.books.households[identifier] for identifier in identifiers)
    return {s.id: _build_household(said, s, pins.get(s.id)) for s in states if s.status in WAITING}


def _build_household(resolved: Said, state: HouseholdState, pin: str | None) -> Household:
    household = state.known(HOUSEHOLD.validate_json(resolved.texts[state.content]))
    return replace(household, pinned_to=household.pinned_to or pin)


def _pins_by_links(resolved: Said) -> dict[str, str]:
    """Map a household to the municipality of a linked household that is promised or settled."""
    pins = {}
    for pair in resolved.links:
        for household, partner in (pair, pair[::-1]):
            state = resolved.books.households.get(partner)
            if state is not None and state.status in HOLDING and state.municipality is not None:
                pins[household] = state.municipality
    return pins


def municipalities(said: Said, numbers: Iterable[str]) -> dict[str, Municipality]:
    """Build municipalities with their present ledger and free dwellings, in the given order."""
    taken_dwellings = {
        s.dwelling for s in said.books.households.values() if s.status in HOLDING and s.dwelling
    }
    return {number: _build_municipality(said, number, taken_dwellings) for number in numbers}


def _build_municipality(resolved: Said, number: str, taken_dwellings: set[str]) -> Municipality:
    state = resolved.books.municipalities[number]
    dwellings = DWELLINGS.validate_json(resolved.texts[state.dwellings])
    description = MUNICIPALITY.validate_json(resolved.texts[state.content])
    return replace(
        description,
        ledger=state.ledger,
        reports_dwellings=(
            Answer.YES if state.reports_dwellings else description.reports_dwellings
        ),
        dwellings=tuple(home for home in dwellings if home.id not in taken_dwellings),
    )


def of_queue(said: Said, queue: Mapping[str, Household]) -> dict[str, Any]:
    """Build the parts of an instance that depend on the queue: links within it, open proposals."""
    return {
        "links": tuple(pair for pair in said.links if queue.keys() >= set(pair)),
        "earlier_plan": _earlier_plan(said, queue.values()),
    }


def _earlier_plan(resolved: Said, queue: Iterable[Household]) -> Plan:
    """Build the plan of open proposals: a recorded proposal replaces one from the files."""
    states = [resolved.books.households[household.id] for household in queue]
    proposed = {
        s.id: s.municipality for s in states if s.status is Status.PROPOSED and s.municipality
    }
    not_recorded = {s.id for s in states if s.id not in proposed and not s.refused}
    from_files = PLACEMENTS.validate_json(resolved.part("earlier_plan"))
    filed = [placement for placement in from_files if placement.household in not_recorded]
    recorded = [Placement(household, number) for household, number in proposed.items()]
    return Plan((*filed, *recorded))
