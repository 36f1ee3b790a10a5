"""Undo the latest change of a household by recording an event; nothing is deleted."""

from datetime import date

from matcher.store import tables
from matcher.store.capacity_checks import check_capacity
from matcher.store.checks import check_dwelling, check_protection
from matcher.store.errors import NoCapacityError, WrongStatusError
from matcher.store.events import Event, EventKind, read_events
from matcher.store.household_state import HouseholdState, Status
from matcher.store.ledger_books import COUNT_NAMES, change_years
from matcher.store.municipality_state import apply_to_municipality
from matcher.store.payloads import load_payloads
from matcher.store.stamp import Stamp
from matcher.store.store import Store
from matcher.store.unit_of_work import UnitOfWork

RECOUNTING_KINDS = (EventKind.COUNTED, EventKind.REVISED)


def undo(
    store: Store,
    household: str,
    stamp: Stamp,
) -> list[Event]:
    """Undo the latest change of a household, and of the linked households that it changed too.

    Parameters
    ----------
    household : str
        Identifier.
    stamp : Stamp
        When, by whom and why, and the version of the household that the caller has read.

    Raises
    ------
    NothingToUndoError
        When the latest change cannot be undone, or later events depend on it: a linked household
        has changed since, or new numbers of the ledger have been stated.
    NoCapacityError, TakenDwellingError
        When a promise would come back whose places or dwelling are taken.
    ErasedError
        When the description before the change has been erased.
    """
    with store.unit_of_work() as work:
        state = work.get_household_state(household, stamp.version)
        latest = _latest_event(work, state)
        pairs = [(state, latest), *_joint_changes(work, latest)]
        for joint_state, event in pairs:
            _check_nothing_depends(work, joint_state, event)
        joint_states = [joint_state for joint_state, _ in pairs]
        _check_returning_promises(work, joint_states, stamp.at.date())
        for joint_state, event in pairs:
            _check_unsettled(work, joint_state, event, stamp.at.date())
        return [
            work.record(
                EventKind.UNDONE,
                stamp,
                household=joint_state.id,
                municipality=event.municipality,
                facts=_reversed_facts(work, event),
            )
            for joint_state, event in pairs
        ]


def _latest_event(work: UnitOfWork, state: HouseholdState) -> Event:
    work.flush()
    event = next(read_events(work.connection, tables.events.c.id == state.version))
    if state.before is None:
        raise NothingToUndoError(
            f"the latest change of household {state.id} cannot be undone: {event}"
        )
    return event


def _joint_changes(work: UnitOfWork, change: Event) -> list[tuple[HouseholdState, Event]]:
    """Return state and latest event of the linked households that the change included."""
    pairs = []
    for name in change.facts.get("linked", ()):
        state = work.get_household_state(name)
        event = _latest_event(work, state)
        same = (event.kind, event.at) == (change.kind, change.at)
        if not same or change.household not in event.facts.get("linked", ()):
            raise NothingToUndoError(f"linked household {name} has changed since: {event}")
        pairs.append((state, event))
    return pairs


def _check_nothing_depends(work: UnitOfWork, state: HouseholdState, event: Event) -> None:
    """Check that no later count of the ledger includes a change, and no content of it is erased."""
    if state.before is not None and state.before.content:
        load_payloads(work.connection, [state.before.content])
    if not any(name in event.facts for name in COUNT_NAMES):
        return
    later = read_events(
        work.connection,
        tables.events.c.municipality == event.municipality,
        tables.events.c.kind.in_(RECOUNTING_KINDS),
        tables.events.c.id > event.id,
    )
    for count in later:
        if {*COUNT_NAMES, "receive_now"} & set(count.facts):
            raise NothingToUndoError(
                f"the ledger of {event.municipality} has been counted since: {count}."
                " Record what happened instead: a no, a withdrawal, a new promise."
            )


def _check_returning_promises(work: UnitOfWork, states: list[HouseholdState], today: date) -> None:
    """Check that promises that come back have places and their dwelling."""
    promises = [
        state.before
        for state in states
        if state.before is not None
        and state.before.status is Status.PROMISED
        and state.status not in (Status.PROMISED, Status.SETTLED)
    ]
    if promises:
        number = promises[0].municipality or ""
        check_protection(work, number, promises)
        # A promise of a year that has ended has gone on to the running one.
        year = max(promises[0].held_year, today.year)
        check_capacity(work, number, promises, year, today, use_promised_size=True)
    for promise in promises:
        if promise.dwelling is not None:
            check_dwelling(work, promise.municipality or "", promise.dwelling)


def _check_unsettled(work: UnitOfWork, state: HouseholdState, event: Event, today: date) -> None:
    """Check that there is room for a settlement that becomes a promise of another year.

    Where it is not known how much room there is, the promise goes on as others do.
    """
    if event.kind is not EventKind.SETTLED or state.before is None:
        return
    # A promise of a year that has ended goes on to the running one.
    year = max(state.before.held_year, today.year)
    number = state.municipality or ""
    is_known = work.get_municipality_state(number).ledger_of(year, today).open is not None
    if is_known and year != change_years(event)["settled_year"]:
        try:
            check_capacity(work, number, [state.before], year, today, use_promised_size=True)
        except NoCapacityError as error:
            raise error.with_advice(
                f"The promise would come back into {year}: record first what the council has"
                f" decided for {year}, or the no to a household that is promised a place there"
            ) from error


def _reversed_facts(work: UnitOfWork, event: Event) -> dict[str, int]:
    """Return the counts of an event with opposite sign, and the identifier of the event."""
    facts = {name: -event.facts[name] for name in COUNT_NAMES if name in event.facts}
    change = _taken_now_change(work, event) if facts else 0
    years = change_years(event) if facts else {}
    return {"undone": event.id, **facts, **years, **({"taken": -change} if change else {})}


def _taken_now_change(work: UnitOfWork, event: Event) -> int:
    """Compute by how many persons an event changed the municipality's ``taken_now``."""
    before = after = 0
    state = None
    events = read_events(
        work.connection,
        tables.events.c.municipality == event.municipality,
        tables.events.c.id <= event.id,
    )
    for earlier in events:
        before, state = after, apply_to_municipality(state, earlier)
        after = state.taken_now
    return after - before


class NothingToUndoError(WrongStatusError):
    """The latest change cannot be undone, or later events depend on it."""
