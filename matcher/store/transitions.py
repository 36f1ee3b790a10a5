"""What can happen to a household: proposed, promised, settled, declined, lapsed, withdrawn.

One call proposes, promises, declines or lapses linked households together, namely those that have
the same status and municipality as the household of the call. Each function returns one event for
each of these households.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from matcher.domain.trace import Trace
from matcher.store import tables
from matcher.store.asked_in_year import explain_over_asking_in_year
from matcher.store.capacity_checks import check_capacity
from matcher.store.checks import (
    check_dwelling,
    check_proposal,
    check_protection,
    check_status,
    load_joint_states,
)
from matcher.store.events import Event, EventKind
from matcher.store.household_state import HouseholdState, Status
from matcher.store.minors import count_minors_on
from matcher.store.move_in_year import move_in_year, year_fact
from matcher.store.moved_in import check_moved_in
from matcher.store.projections import load_states
from matcher.store.stamp import Stamp
from matcher.store.store import Store
from matcher.store.traces import dump_trace
from matcher.store.unit_of_work import UnitOfWork

EventFacts = Callable[[HouseholdState], Mapping[str, Any]]
"""Computes an event's facts from a household's state before the event."""


def propose(
    store: Store,
    household: str,
    municipality: str,
    stamp: Stamp,
    *,
    answer_by: date,
    trace: Trace | None = None,
    overriding: bool = False,
    asking_share: float | None = None,
) -> list[Event]:
    """Propose a household to a municipality; this takes no place yet, but asks for some.

    Parameters
    ----------
    household, municipality : str
        Identifier and four-digit number.
    stamp : Stamp
        When, by whom and why, and the version of the household that the caller has read.
    answer_by : date
        The day by which the municipality should answer.
    trace : Trace or None
        What the person who proposes was shown.
    overriding : bool
        Whether the stamp's reason overrides the suggestion, a pin, a caseworker's ban, or a rule.
    asking_share : float or None
        How much may be asked of a municipality at a time, as a share of its open places: 1 for
        never more than it has. More needs a reason. None for no limit.

    Raises
    ------
    WrongStatusError, ProtectedError, ReasonRequiredError
        When the household is not ready; see :func:`check_proposal` for the other causes.
    VersionConflictError
        When the household is at another version. The same holds for all functions here.
    """
    with store.unit_of_work() as work:
        states = _joint_states(work, household, EventKind.PROPOSED, stamp.version)
        work.get_municipality_state(municipality)
        over_asked = None
        if asking_share is not None:
            over_asked = explain_over_asking_in_year(
                work, municipality, states, asking_share, stamp.at.date()
            )
        overridden = check_proposal(
            work, states, municipality, trace, overriding, over_asked=over_asked
        )
        content = None if trace is None else work.add_payload("trace", dump_trace(trace))
        facts = {"answer_by": str(answer_by), **({"overrides": overridden} if overridden else {})}
        return _record(
            work,
            EventKind.PROPOSED,
            states,
            lambda _: facts,
            stamp,
            municipality=municipality,
            content=content,
        )


def promise(
    store: Store,
    household: str,
    stamp: Stamp,
    *,
    dwelling: str | None = None,
    move_in: date | None = None,
) -> list[Event]:
    """Record a municipality's yes, which takes places, and the dwelling if the call names one.

    The places are those of the year in which the households are to move in.

    Parameters
    ----------
    dwelling : str or None
        Identifier of the dwelling.
    move_in : date or None
        The day on which they are to move in; None takes the earliest day that is possible.

    Raises
    ------
    NoCapacityError
        When there are not enough open places that year, or not enough for unaccompanied minors.
    TakenDwellingError
        When the dwelling is not free.
    ProtectedError
        When a ban that came after the proposal keeps the household from harm there.
    WrongStatusError
        When the household is not proposed.
    """
    with store.unit_of_work() as work:
        today = stamp.at.date()
        joint = _joint_states(work, household, EventKind.PROMISED, stamp.version)
        work.flush()
        states = count_minors_on(work.connection, joint, today)
        number = states[0].municipality or ""
        check_protection(work, number, states)
        year = move_in_year(work, number, states, move_in, today)
        check_capacity(work, number, states, year, today)
        if dwelling is not None:
            check_dwelling(work, number, dwelling)

        def promise_facts(state: HouseholdState) -> Mapping[str, Any]:
            home = {"dwelling": dwelling} if dwelling is not None and state.id == household else {}
            day = {} if move_in is None else {"move_in": str(move_in)}
            counts = {"promised": state.persons, "minors_promised": state.minors}
            return {**counts, **year_fact("year", year, today), **day, **home}

        return _record(work, EventKind.PROMISED, states, promise_facts, stamp, municipality=number)


def settle(
    store: Store,
    household: str,
    stamp: Stamp,
    *,
    moved_in: date | None = None,
) -> list[Event]:
    """Record that a promised household has moved in; linked households settle in separate calls.

    It counts in the year in which it moved in, whichever year it was promised for.

    Parameters
    ----------
    moved_in : date or None
        The day on which it moved in; None means the day of the stamp.

    Raises
    ------
    WrongStatusError
        When the household is not promised, or the day is after that of the stamp or more than a
        year before it.
    """
    today = stamp.at.date()
    if moved_in is not None:
        check_moved_in(household, moved_in, today)

    def settlement_facts(state: HouseholdState) -> Mapping[str, Any]:
        settled = {"settled": state.held_persons, "minors_settled": state.held_minors}
        day = {} if moved_in is None else {"moved_in": str(moved_in)}
        year = year_fact("settled_year", (moved_in or today).year, today)
        return {**_release_facts(state, today), **settled, **year, **day}

    return _change_status(store, household, EventKind.SETTLED, settlement_facts, stamp)


def decline(
    store: Store,
    household: str,
    stamp: Stamp,
) -> list[Event]:
    """Record a municipality's no; the household is ready again, but not for this municipality."""
    return _change_status(store, household, EventKind.DECLINED, _releasing(stamp), stamp)


def lapse(
    store: Store,
    household: str,
    stamp: Stamp,
) -> list[Event]:
    """Record that no answer came in time; the household is ready again."""
    return _change_status(store, household, EventKind.LAPSED, _releasing(stamp), stamp)


def lapse_overdue(store: Store, stamp: Stamp) -> list[Event]:
    """Lapse every proposal whose day of answer has passed.

    The day is that of the stamp, whose version is not used. A second call records nothing, as no
    overdue proposal remains. Linked households lapse together.

    Returns
    -------
    list of Event
        One for each household, earliest day of answer first.
    """
    with store.unit_of_work() as work:
        work.flush()
        states = load_states(
            work.connection, tables.households, tables.households.c.status == Status.PROPOSED
        )
        unversioned = replace(stamp, version=None)
        overdue = sorted((str(s.answer_by), s.id) for s in states if s.is_overdue(stamp.at.date()))
        events: list[Event] = []
        for _, name in overdue:
            # A household may have lapsed already, with an earlier household that it is linked to.
            if work.get_household_state(name).status is Status.PROPOSED:
                events += lapse(store, name, unversioned)
        return events


def withdraw(
    store: Store,
    household: str,
    stamp: Stamp,
) -> list[Event]:
    """Record that a household is no longer to be settled; its promised places are open again."""
    return _change_status(store, household, EventKind.WITHDRAWN, _releasing(stamp), stamp)


def _change_status(
    store: Store, household: str, kind: EventKind, facts: EventFacts, stamp: Stamp
) -> list[Event]:
    with store.unit_of_work() as work:
        states = _joint_states(work, household, kind, stamp.version)
        number = states[0].municipality
        return _record(work, kind, states, facts, stamp, municipality=number)


def _joint_states(
    work: UnitOfWork, household: str, kind: EventKind, version: int | None
) -> list[HouseholdState]:
    """Return the states of a household and of those that change with it, after a status check."""
    state = work.get_household_state(household, version)
    check_status(work, state, kind)
    return load_joint_states(work, state, kind)


def _record(
    work: UnitOfWork,
    kind: EventKind,
    states: list[HouseholdState],
    facts: EventFacts,
    stamp: Stamp,
    *,
    municipality: str | None,
    content: str | None = None,
) -> list[Event]:
    """Record the same change of each household, with the linked identifiers that ``undo`` needs."""
    names = [state.id for state in states]
    return [
        work.record(
            kind,
            stamp,
            household=state.id,
            municipality=municipality,
            content=content,
            facts={**facts(state), **_linked_facts(names, state.id)},
        )
        for state in states
    ]


def _linked_facts(names: list[str], household: str) -> dict[str, list[str]]:
    return {"linked": [n for n in names if n != household]} if len(names) > 1 else {}


def _releasing(stamp: Stamp) -> EventFacts:
    return lambda state: _release_facts(state, stamp.at.date())


def _release_facts(state: HouseholdState, today: date) -> dict[str, int]:
    """Return what gives the places of a promise back to the book that holds them."""
    if state.status is not Status.PROMISED:
        return {}
    counts = {"promised": -state.held_persons, "minors_promised": -state.held_minors}
    return {**counts, **year_fact("year", state.held_year, today)}
