"""The ledgers of municipalities: revise them, begin a year, and read their events."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from matcher.domain.ledger import LEDGER_FIELDS, LEDGER_NUMBERS
from matcher.store import tables
from matcher.store.errors import UnusableNumberError, UnusableYearError
from matcher.store.events import Event, EventKind, read_events
from matcher.store.ledger_books import (
    NAMES_BY_YEAR,
    PROMISED_NAMES,
    SETTLED_NAMES,
    book_of,
    change_years,
)
from matcher.store.ledger_facts import ledger_to_facts
from matcher.store.municipality_state import MunicipalityState
from matcher.store.stamp import Stamp
from matcher.store.store import Store


def revise_ledger(
    store: Store,
    municipality: str,
    numbers: Mapping[str, Any],
    stamp: Stamp,
    *,
    year: int | None = None,
) -> Event:
    """Record new numbers of a ledger, or what belongs to its decision.

    Numbers below what is promised are recorded too; they raise an alarm.

    Parameters
    ----------
    municipality : str
        Four-digit number.
    numbers : mapping of str to value
        Values by name, as in :class:`~matcher.domain.ledger.Ledger`; numbers are in persons, 0 or
        more. ``settled`` and ``promised`` are totals that include the store's own households. None
        takes a value back: it is not known.
    stamp : Stamp
        When, by whom and why, and the version of the municipality that the caller has read.
    year : int or None
        Year of the ledger, which must be open; None for the year of the stamp's day.

    Raises
    ------
    UnusableNumberError
        When a name is not one of the ledger's, a number is negative, or the year cannot have it.
    """
    for name, value in numbers.items():
        check_ledger_number(municipality, name, value)
    if not numbers:
        raise UnusableNumberError(f"no number is given for municipality {municipality}")
    today = stamp.at.date()
    with store.unit_of_work() as work:
        state = work.get_municipality_state(municipality, stamp.version)
        if year is not None and year != today.year:
            check_other_year(state, year, today, numbers)
        facts = ledger_to_facts(numbers)
        if year is not None and year != today.year:
            facts["year"] = year
        return work.record(EventKind.REVISED, stamp, municipality=municipality, facts=facts)


def check_ledger_number(municipality: str, name: str, value: Any) -> None:
    """Check that a ledger can hold a value under a name.

    Raises
    ------
    UnusableNumberError
        When the ledger has nothing of this name, or the value is a negative number.
    """
    if name not in LEDGER_FIELDS:
        raise UnusableNumberError(f"a ledger has no {name!r}; it has {', '.join(LEDGER_FIELDS)}")
    if name in LEDGER_NUMBERS and value is not None and value < 0:
        raise UnusableNumberError(
            f"{name} of municipality {municipality} is {value}; give a whole number, 0 or more"
        )


def check_other_year(
    state: MunicipalityState, year: int, today: date, names: Iterable[str]
) -> None:
    """Check that a ledger of another year than the running one can be revised.

    Raises
    ------
    UnusableNumberError
        When the year is not open, or one of the names is not a number of that year.
    """
    if not book_of(state.books, year).is_open:
        raise UnusableNumberError(
            f"the ledger of {year} is not open; `treffsikker year begin {year}` opens it"
        )
    running = {"receive_now"}
    barred = running | set(PROMISED_NAMES if year < today.year else SETTLED_NAMES)
    for name in names:
        if name in barred:
            raise UnusableNumberError(
                f"{name} is not a number of {year} on {today}: what can be received now and what"
                f" is promised go with {today.year}, and nobody is settled in a year to come"
            )


def begin_ledger_year(store: Store, year: int, stamp: Stamp) -> list[Event]:
    """Begin a year in every ledger: nobody is settled in it yet, and no decision is recorded.

    The ledger of the year before stays open. A promise stands in the year in which the household
    is to move in; one that is not settled when its year ends goes on to the next. Municipalities
    in which the year is begun already are passed over.

    Parameters
    ----------
    year : int
        The coming year at any time, or the running one in its first month.
    stamp : Stamp
        When, by whom and why; its version is not used.

    Raises
    ------
    UnusableYearError
        When it is another year.
    """
    today = stamp.at.date()
    first = today.year if today.month == 1 else today.year + 1
    if not first <= year <= today.year + 1:
        raise UnusableYearError(
            f"the ledger of {year} cannot be begun on {today}; begin {today.year + 1}, or a year"
            " in its January"
        )
    with store.unit_of_work() as work:
        work.load_all_states()
        return [
            work.record(EventKind.YEAR_BEGUN, stamp, municipality=number, facts={"year": year})
            for number, state in list(work.projections.municipalities.items())
            if not book_of(state.books, year).begun
        ]


def read_municipality_events(store: Store, municipality: str) -> list[Event]:
    """Read all events of a municipality and its ledger, in order."""
    with store.read_transaction() as connection:
        return list(read_events(connection, tables.events.c.municipality == municipality))


def read_ledger_changes(store: Store, municipality: str, year: int | None = None) -> list[Event]:
    """Read all events that have changed a municipality's ledger, in order.

    Pins, bans and proposals of households do not change it.

    Parameters
    ----------
    municipality : str
        Four-digit number.
    year : int or None
        Only events that changed the ledger of this year.
    """
    events = read_municipality_events(store, municipality)
    changed = ((event, _changed_years(event)) for event in events)
    return [event for event, years in changed if years and year in (None, *years)]


def _changed_years(event: Event) -> set[int]:
    """Return the years whose ledger an event changed; none when it changed no ledger."""
    if event.kind in (EventKind.COUNTED, EventKind.REVISED, EventKind.YEAR_BEGUN):
        return {int(event.facts.get("year", event.day.year))}
    years = change_years(event)
    return {years[key] for key, names in NAMES_BY_YEAR.items() if set(names) & set(event.facts)}


def read_household_events(store: Store, household: str) -> list[Event]:
    """Read all events of a household, in order."""
    with store.read_transaction() as connection:
        return list(read_events(connection, tables.events.c.household == household))
