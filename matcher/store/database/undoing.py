"""Undoing the latest change of a household: an event of its own, nothing is deleted."""

from datetime import datetime

from matcher.store.database import tables
from matcher.store.database.checks import check_dwelling, check_harm, check_room
from matcher.store.database.contents import get_contents
from matcher.store.database.errors import WrongStatusError
from matcher.store.database.events import Event, EventKind, read_events
from matcher.store.database.household_state import HouseholdState, Status
from matcher.store.database.municipality_state import COUNTED, municipality_after
from matcher.store.database.store import Store
from matcher.store.database.work import Work

RESTATES = (EventKind.COUNTED, EventKind.REVISED, EventKind.YEAR_BEGUN)


def undo(
    store: Store, household: str, *, at: datetime, actor: str, reason: str,
    version: int | None = None,
) -> list[Event]:  # fmt: skip
    """Undo the latest change of a household; of those linked too when it was made for all.

    Parameters
    ----------
    household : str
        Identifier.
    at, actor, reason
        See :meth:`Work.record`.
    version : int or None
        The version of the household that the caller looked at; None when it makes no difference.

    Raises
    ------
    NothingToUndoError
        When the latest change cannot be undone, or something rests on it: a linked household has
        changed since, or the ledger has been counted anew.
    NoRoomError, TakenDwellingError
        When a promise would come back, and its places or its home are taken.
    ErasedError
        When what was known before has been erased.
    """
    with store.writing() as work:
        state = work.household(household, version)
        made = _latest(work, state)
        pairs = [(state, made), *_together(work, made)]
        for one, event in pairs:
            _check_rests(work, one, event)
        _check_again(work, [one for one, _ in pairs])
        return [
            work.record(
                EventKind.UNDONE, at=at, actor=actor, reason=reason, household=one.id,
                municipality=event.municipality, facts=_back(work, event),
            )
            for one, event in pairs
        ]  # fmt: skip


def _latest(work: Work, state: HouseholdState) -> Event:
    work.flush()
    event = next(read_events(work.connection, tables.events.c.id == state.version))
    if state.before is None:
        raise NothingToUndoError(
            f"the latest change of household {state.id} cannot be undone: {event}"
        )
    return event


def _together(work: Work, made: Event) -> list[tuple[HouseholdState, Event]]:
    """Give the others for whom the change was made as well, as they are."""
    found = []
    for name in made.facts.get("linked", ()):
        state = work.household(name)
        event = _latest(work, state)
        same = (event.kind, event.at) == (made.kind, made.at)
        if not same or made.household not in event.facts.get("linked", ()):
            raise NothingToUndoError(f"linked household {name} has changed since: {event}")
        found.append((state, event))
    return found


def _check_rests(work: Work, state: HouseholdState, event: Event) -> None:
    """Make sure that nothing rests on a change: no count of its ledger, no erased content."""
    if state.before is not None and state.before.content:
        get_contents(work.connection, [state.before.content])
    if not any(name in event.facts for name in COUNTED):
        return
    later = read_events(
        work.connection, tables.events.c.municipality == event.municipality,
        tables.events.c.kind.in_(RESTATES), tables.events.c.id > event.id,
    )  # fmt: skip
    for count in later:
        if count.kind is EventKind.YEAR_BEGUN or {*COUNTED, "receive_now"} & set(count.facts):
            raise NothingToUndoError(
                f"the ledger of {event.municipality} has been counted since: {count}."
                " Record what happened instead: a no, a withdrawal, a new promise."
            )


def _check_again(work: Work, states: list[HouseholdState]) -> None:
    """Make sure that promises that come back have places, and their home."""
    back = [
        state.before
        for state in states
        if state.before is not None
        and state.before.status is Status.PROMISED
        and state.status not in (Status.PROMISED, Status.SETTLED)
    ]
    if back:
        check_harm(work, back[0].municipality or "", back)
        check_room(work, back[0].municipality or "", back, held=True)
    for state in back:
        if state.dwelling is not None:
            check_dwelling(work, state.municipality or "", state.dwelling)


def _back(work: Work, event: Event) -> dict[str, int]:
    """Give the numbers of an event the other way round, and which event it is."""
    facts = {name: -event.facts[name] for name in COUNTED if name in event.facts}
    taken = _taken(work, event) if facts else 0
    return {"undone": event.id, **facts, **({"taken": -taken} if taken else {})}


def _taken(work: Work, event: Event) -> int:
    """Give by how much an event changed what was taken of the places there are now."""
    before = after = 0
    state = None
    happened = read_events(
        work.connection, tables.events.c.municipality == event.municipality,
        tables.events.c.id <= event.id,
    )  # fmt: skip
    for one in happened:
        before, state = after, municipality_after(state, one)
        after = state.taken_now
    return after - before


class NothingToUndoError(WrongStatusError):
    """The latest change cannot be undone, or something rests on it."""
