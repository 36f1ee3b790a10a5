"""What municipalities are asked for: persons whose proposals await an answer."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from matcher.domain.ledger import Ledger
from matcher.store import tables
from matcher.store.household_state import HouseholdState, Status
from matcher.store.minors import count_minors_on
from matcher.store.payloads import PLACEMENTS_ADAPTER, load_present_payloads
from matcher.store.projections import load_state, load_states
from matcher.store.store import Store
from matcher.store.unit_of_work import UnitOfWork

OVER_ASKED = "places_asked_for"
"""The rule that a proposal goes against when it asks for more than the policy wants."""
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class AskedFor:
    """Persons, and unaccompanied minors among them, for whom an answer is awaited."""

    persons: int = 0
    minors: int = 0


def count_asked_for(store: Store, today: date) -> Mapping[str, AskedFor]:
    """Count for whom each municipality's answer is awaited; without those asked for nobody.

    Parameters
    ----------
    today : date
        The day on which minors are counted.
    """
    with store.read_transaction() as connection:
        return _count(connection, load_asking_states(connection), today)


def load_asking_states(connection: Connection) -> list[tuple[str, HouseholdState]]:
    """Load the households whose proposals await an answer, each with its municipality.

    A proposal of the files counts as long as the store knows nothing later of the household: not
    when the household is on its way, or a municipality has said no to it.
    """
    proposed = load_states(
        connection, tables.households, tables.households.c.status == Status.PROPOSED
    )
    waiting = [(state.municipality or "", state) for state in proposed]
    return [*waiting, *_filed(connection)]


def _filed(connection: Connection) -> list[tuple[str, HouseholdState]]:
    part = load_state(connection, tables.parts, "earlier_plan")
    text = part and load_present_payloads(connection, [part.content]).get(part.content)
    places = {p.household: p.municipality for p in PLACEMENTS_ADAPTER.validate_json(text or "[]")}
    states = load_states(
        connection,
        tables.households,
        tables.households.c.id.in_(places),
        tables.households.c.status == Status.READY,
    )
    return [(places[state.id], state) for state in states if not state.refused]


def _count(
    connection: Connection, asking: Sequence[tuple[str, HouseholdState]], today: date
) -> Mapping[str, AskedFor]:
    counts: dict[str, AskedFor] = {}
    states = count_minors_on(connection, [state for _, state in asking], today)
    for (number, _), state in zip(asking, states, strict=True):
        before = counts.get(number, AskedFor())
        counts[number] = AskedFor(before.persons + state.persons, before.minors + state.minors)
    return counts


def explain_over_asking(
    work: UnitOfWork,
    number: str,
    states: Sequence[HouseholdState],
    share: float,
    ledger: Ledger,
    *,
    today: date,
    is_same_year: Callable[[HouseholdState], bool],
) -> str | None:
    """Say by how much proposing households would ask for more than a municipality has.

    Parameters
    ----------
    work : UnitOfWork
        Keeps other writers out, so that two proposals at the same moment cannot both be the last.
    number : str
        Four-digit number.
    states : sequence of HouseholdState
        The households to propose.
    share : float
        How much may be asked for at a time, as a share of the open places.
    ledger : Ledger
        The municipality's, of the year in which the households can move in.
    today : date
        The day on which minors are counted.
    is_same_year : callable
        Whether a household that the municipality is asked for can move in that year; who comes in
        another takes a place of another decision.

    Returns
    -------
    str or None
        None when there are places enough.
    """
    work.flush()
    names = {state.id for state in states}
    others = [
        (asked_of, state)
        for asked_of, state in load_asking_states(work.connection)
        if asked_of == number and state.id not in names and is_same_year(state)
    ]
    asked = _count(work.connection, others, today).get(number, AskedFor())
    needed = _count(work.connection, [(number, state) for state in states], today)[number]
    # Nothing is open as long as a number of the ledger is not known.
    open_ = max(0, ledger.open or 0)
    if asked.persons + needed.persons > math.floor(share * open_ + ROUNDING):
        return _sentence(number, "open places", open_, asked.persons, needed.persons)
    lone = max(0, ledger.minors_open or 0)
    if needed.minors and asked.minors + needed.minors > lone:
        what = "open places for unaccompanied minors"
        return _sentence(number, what, lone, asked.minors, needed.minors)
    return None


def _sentence(number: str, what: str, open_: int, asked: int, needed: int) -> str:
    return (
        f"municipality {number} has {open_} {what}, {asked} are asked for others already,"
        f" {needed} more needed"
    )
