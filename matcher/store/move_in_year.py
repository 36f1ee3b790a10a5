"""The year in which households are expected to move in, as the plan counts it."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from matcher.domain.household import Household
from matcher.domain.municipality import DEFAULT_LEAD_DAYS, Municipality
from matcher.store.checks import load_household
from matcher.store.household_state import HouseholdState
from matcher.store.payloads import MUNICIPALITY_ADAPTER, load_payloads
from matcher.store.unit_of_work import UnitOfWork


def move_in_year(
    work: UnitOfWork,
    number: str,
    states: Sequence[HouseholdState],
    move_in: date | None,
    today: date,
) -> int:
    """Return the year of a day to move in; without one, of the earliest that is possible."""
    if move_in is not None:
        return max(move_in, today).year
    return _earliest_year(work, number, states, today)


def year_fact(name: str, year: int, today: date) -> dict[str, int]:
    """Return the fact that names a book; an event without it is about the year of its day."""
    return {} if year == today.year else {name: year}


def _earliest_year(
    work: UnitOfWork, number: str, states: Sequence[HouseholdState], today: date
) -> int:
    work.flush()
    content = work.get_municipality_state(number).content
    texts = load_payloads(work.connection, [content])
    municipality = MUNICIPALITY_ADAPTER.validate_json(texts[content])
    return earliest_year(municipality, [load_household(work, state) for state in states], today)


def earliest_year(municipality: Municipality, households: Iterable[Household], today: date) -> int:
    """Return the year of the day on which households can move in together.

    It is the latest of three days: each household can move, the municipality can receive, and its
    lead time has passed. Whose home becomes free later is moved to the next year when this one
    ends without a settlement.

    Parameters
    ----------
    municipality : Municipality
    households : iterable of Household
    today : date
    """
    lead = DEFAULT_LEAD_DAYS if municipality.lead_days is None else municipality.lead_days
    possible = (household.earliest_move for household in households)
    days = (today + timedelta(days=lead), municipality.earliest, *possible)
    return max(day for day in days if day is not None).year
