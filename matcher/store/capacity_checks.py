"""Check before a promise that a municipality has the places, and what changed them last."""

from collections.abc import Sequence
from datetime import date
from itertools import islice

from matcher.store import tables
from matcher.store.errors import NoCapacityError
from matcher.store.events import Event, EventKind, read_events
from matcher.store.household_state import HouseholdState
from matcher.store.ledger_books import book_of, change_years
from matcher.store.unit_of_work import UnitOfWork

LEDGER_KINDS = (
    EventKind.PROMISED,
    EventKind.SETTLED,
    EventKind.DECLINED,
    EventKind.WITHDRAWN,
    EventKind.UNDONE,
    EventKind.COUNTED,
    EventKind.REVISED,
    EventKind.YEAR_BEGUN,
)
"""Events that can change a ledger."""
MAX_CHANGES_IN_ERROR = 3
"""Number of changes that an error message lists."""
MAX_EVENTS_SEARCHED = 100
"""Number of latest events that are searched for these changes.

Not each of them changes the ledger: a household without a promise can be withdrawn.
"""


def check_capacity(
    work: UnitOfWork,
    number: str,
    states: Sequence[HouseholdState],
    year: int,
    today: date,
    *,
    use_promised_size: bool = False,
) -> None:
    """Check that a municipality has enough places for all the households together.

    Parameters
    ----------
    year : int
        Year whose ledger the places are taken from.
    today : date
    use_promised_size : bool
        Count the places of the promise that comes back, not the households' present size.

    Raises
    ------
    NoCapacityError
        When there are too few; the error lists the latest changes of the ledger.
    """
    state = work.get_municipality_state(number)
    ledger = state.ledger_of(year, today)
    for what, needed, open_ in (
        (
            "places",
            sum(s.held_persons if use_promised_size else s.persons for s in states),
            ledger.open,
        ),
        (
            "places for unaccompanied minors",
            sum(s.held_minors if use_promised_size else s.minors for s in states),
            ledger.minors_open,
        ),
    ):
        if needed > 0 and (open_ is None or needed > open_):
            changes = _ledger_changes(work, number, year, today)
            is_open = book_of(state.books, year).is_open or year == today.year
            raise NoCapacityError(
                number, what, needed, open_, changes, year=year, year_is_open=is_open
            )


def _ledger_changes(work: UnitOfWork, number: str, year: int, today: date) -> list[Event]:
    """Return the latest events that changed the ledger of a year; proposals do not change it."""
    work.flush()
    events = read_events(
        work.connection,
        tables.events.c.municipality == number,
        tables.events.c.kind.in_(LEDGER_KINDS),
        newest=MAX_EVENTS_SEARCHED,
    )
    # An event of a household has changed the ledger only when its facts have "promised".
    changes = (event for event in events if event.household is None or "promised" in event.facts)
    of_year = (event for event in changes if _concerns_year(event, year, today))
    return list(islice(of_year, MAX_CHANGES_IN_ERROR))


def _concerns_year(event: Event, year: int, today: date) -> bool:
    """Whether an event changed the ledger of a year; an earlier promise goes on to the running."""
    if event.household is None:
        return int(event.facts.get("year", event.day.year)) == year
    years = change_years(event)
    return year in years.values() or years["year"] < year == today.year
