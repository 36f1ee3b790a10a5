"""What can happen to a household: proposed, promised, settled, declined, lapsed, withdrawn.

Households that are linked are proposed, promised, declined and lapse together, in one call: those
of them that stand where the household asked for stands. Each function gives one event for each.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from matcher.store.database import tables
from matcher.store.database.books import load_states
from matcher.store.database.checks import (
    along,
    check_dwelling,
    check_harm,
    check_proposal,
    check_room,
    check_status,
)
from matcher.store.database.events import Event, EventKind
from matcher.store.database.household_state import HouseholdState, Status
from matcher.store.database.store import Store
from matcher.store.database.traces import trace_text
from matcher.store.database.work import Work
from matcher.trace import Trace

Facts = Callable[[HouseholdState], Mapping[str, Any]]


def propose(
    store: Store, household: str, municipality: str, *, answer_by: date, at: datetime,
    actor: str, reason: str, version: int | None = None, trace: Trace | None = None,
    overriding: bool = False,
) -> list[Event]:  # fmt: skip
    """Propose a household to a municipality; no place is taken yet.

    Parameters
    ----------
    household, municipality : str
        Identifier and four-digit number.
    answer_by : date
        The day by which the municipality should answer.
    at, actor, reason
        See :meth:`Work.record`; so in all changes.
    version : int or None
        The version of the household that the caller looked at; None when it makes no difference.
    trace : Trace or None
        What was shown to whoever proposes.
    overriding : bool
        The reason is meant to override the suggestion, a pin, a caseworker's ban, or a rule.

    Raises
    ------
    WrongStatusError, ProtectedError, ReasonNeededError
        When the household is not ready; see :func:`check_proposal` for the others.
    ChangedSinceError
        When the household is at another version; so in all changes.
    """
    with store.writing() as work:
        states = _standing(work, household, EventKind.PROPOSED, version)
        work.municipality(municipality)
        against = check_proposal(work, states, municipality, trace, overriding)
        content = None if trace is None else work.say("trace", trace_text(trace))
        facts = {"answer_by": str(answer_by), **({"overrides": against} if against else {})}
        return _record(
            work, EventKind.PROPOSED, states, lambda _: facts, at=at, actor=actor,
            reason=reason, municipality=municipality, content=content,
        )  # fmt: skip


def promise(
    store: Store, household: str, *, at: datetime, actor: str, reason: str,
    dwelling: str | None = None, version: int | None = None,
) -> list[Event]:  # fmt: skip
    """Record a municipality's yes, which takes places, and a dwelling when one is named.

    Raises
    ------
    NoRoomError
        When there are not enough open places, or not enough for unaccompanied minors.
    TakenDwellingError
        When the dwelling is not free.
    ProtectedError
        When a ban that came after the proposal keeps the household from harm there.
    WrongStatusError
        When the household is not proposed.
    """

    def taken(state: HouseholdState) -> Mapping[str, Any]:
        home = {"dwelling": dwelling} if dwelling is not None and state.id == household else {}
        return {"promised": state.persons, "minors_promised": state.minors, **home}

    with store.writing() as work:
        states = _standing(work, household, EventKind.PROMISED, version)
        number = states[0].municipality or ""
        check_harm(work, number, states)
        check_room(work, number, states)
        if dwelling is not None:
            check_dwelling(work, number, dwelling)
        return _record(
            work, EventKind.PROMISED, states, taken, at=at, actor=actor, reason=reason,
            municipality=number,
        )  # fmt: skip


def settle(
    store: Store, household: str, *, at: datetime, actor: str, reason: str,
    version: int | None = None,
) -> list[Event]:  # fmt: skip
    """Record that a promised household has moved in; each of those linked on its own day."""

    def moved(state: HouseholdState) -> Mapping[str, Any]:
        settled = {"settled": state.held_persons, "minors_settled": state.held_minors}
        return {**_released(state), **settled}

    return _happen(
        store, household, EventKind.SETTLED, moved, at=at, actor=actor, reason=reason,
        version=version,
    )  # fmt: skip


def decline(
    store: Store, household: str, *, at: datetime, actor: str, reason: str,
    version: int | None = None,
) -> list[Event]:  # fmt: skip
    """Record a municipality's no; the household is ready again, and not proposed there again."""
    return _happen(
        store, household, EventKind.DECLINED, _released, at=at, actor=actor, reason=reason,
        version=version,
    )  # fmt: skip


def lapse(
    store: Store, household: str, *, at: datetime, actor: str, reason: str,
    version: int | None = None,
) -> list[Event]:  # fmt: skip
    """Record that no answer came in time; the household is ready again."""
    return _happen(
        store, household, EventKind.LAPSED, _released, at=at, actor=actor, reason=reason,
        version=version,
    )  # fmt: skip


def lapse_overdue(store: Store, *, at: datetime, actor: str, reason: str) -> list[Event]:
    """Record of every proposal whose day of answer has passed that no answer came.

    Asked twice, the second records nothing: there is none left. Linked households lapse together.

    Returns
    -------
    list of Event
        One for each household, the one that should have been answered first at the head.
    """
    with store.writing() as work:
        work.flush()
        states = load_states(
            work.connection, tables.households, tables.households.c.status == Status.PROPOSED
        )
        late = sorted((str(s.answer_by), s.id) for s in states if s.overdue(at.date()))
        found: list[Event] = []
        for _, name in late:
            # Those linked to one before it have lapsed with it.
            if work.household(name).status is Status.PROPOSED:
                found += lapse(store, name, at=at, actor=actor, reason=reason)
        return found


def withdraw(
    store: Store, household: str, *, at: datetime, actor: str, reason: str,
    version: int | None = None,
) -> list[Event]:  # fmt: skip
    """Record that a household is no longer to be settled; what it was promised is open again."""
    return _happen(
        store, household, EventKind.WITHDRAWN, _released, at=at, actor=actor, reason=reason,
        version=version,
    )  # fmt: skip


def _happen(
    store: Store, household: str, kind: EventKind, facts: Facts, *, at: datetime, actor: str,
    reason: str, version: int | None,
) -> list[Event]:  # fmt: skip
    with store.writing() as work:
        states = _standing(work, household, kind, version)
        number = states[0].municipality
        return _record(
            work, kind, states, facts, at=at, actor=actor, reason=reason, municipality=number
        )


def _standing(
    work: Work, household: str, kind: EventKind, version: int | None
) -> list[HouseholdState]:
    """Give the household and those that come along, when this can happen to them."""
    state = work.household(household, version)
    check_status(work, state, kind)
    return along(work, state, kind)


def _record(
    work: Work, kind: EventKind, states: list[HouseholdState], facts: Facts, *, at: datetime,
    actor: str, reason: str, municipality: str | None, content: str | None = None,
) -> list[Event]:  # fmt: skip
    """Record the same of each household, with the others' identifiers for a later undoing."""
    names = [state.id for state in states]
    return [
        work.record(
            kind, at=at, actor=actor, reason=reason, household=state.id,
            municipality=municipality, content=content,
            facts={**facts(state), **_others(names, state.id)},
        )
        for state in states
    ]  # fmt: skip


def _others(names: list[str], household: str) -> dict[str, list[str]]:
    return {"linked": [n for n in names if n != household]} if len(names) > 1 else {}


def _released(state: HouseholdState) -> dict[str, int]:
    if state.status is not Status.PROMISED:
        return {}
    return {"promised": -state.held_persons, "minors_promised": -state.held_minors}
