"""What can happen to a household: proposed, promised, settled, declined, lapsed, withdrawn."""

from collections.abc import Mapping
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import select

from matcher.store.database import tables
from matcher.store.database.contents import DWELLINGS, get_contents
from matcher.store.database.errors import (
    NoRoomError,
    TakenDwellingError,
    WrongStatusError,
)
from matcher.store.database.events import Event, EventKind, read_events
from matcher.store.database.household_state import HouseholdState, Status
from matcher.store.database.store import Store
from matcher.store.database.work import Work

FROM: Mapping[EventKind, tuple[Status, ...]] = {
    EventKind.PROPOSED: (Status.READY,),
    EventKind.PROMISED: (Status.PROPOSED,),
    EventKind.SETTLED: (Status.PROMISED,),
    EventKind.DECLINED: (Status.PROPOSED, Status.PROMISED),
    EventKind.LAPSED: (Status.PROPOSED,),
    EventKind.WITHDRAWN: (Status.READY, Status.PROPOSED, Status.PROMISED),
}
"""States from which each thing can happen."""
ON_LEDGER = (
    EventKind.PROMISED, EventKind.SETTLED, EventKind.DECLINED, EventKind.WITHDRAWN,
    EventKind.COUNTED, EventKind.REVISED, EventKind.YEAR_BEGUN,
)  # fmt: skip
"""What can change a ledger."""
TOLD = 3
"""Changes that an error tells of."""
LOOKED_AT = 100
"""Events among which they are found: a household without a promise can leave without a change."""


def propose(
    store: Store, household: str, municipality: str, *, answer_by: date, at: datetime,
    actor: str, reason: str, version: int | None = None,
) -> Event:  # fmt: skip
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

    Raises
    ------
    WrongStatusError
        When the household is not ready, or the municipality has said no to it.
    ChangedSinceError
        When the household is at another version; so in all changes.
    """
    with store.writing() as work:
        state = _state(work, household, EventKind.PROPOSED, version)
        work.municipality(municipality)
        if municipality in state.refused:
            raise WrongStatusError(f"municipality {municipality} has said no to {household}")
        return work.record(
            EventKind.PROPOSED, at=at, actor=actor, reason=reason, household=household,
            municipality=municipality, facts={"answer_by": answer_by.isoformat()},
        )  # fmt: skip


def promise(
    store: Store, household: str, *, at: datetime, actor: str, reason: str,
    dwelling: str | None = None, version: int | None = None,
) -> Event:  # fmt: skip
    """Record a municipality's yes, which takes places, and a dwelling when one is named.

    Raises
    ------
    NoRoomError
        When there are not enough open places, or not enough for unaccompanied minors.
    TakenDwellingError
        When the dwelling is not free.
    WrongStatusError
        When the household is not proposed.
    """
    with store.writing() as work:
        state = _state(work, household, EventKind.PROMISED, version)
        _check_room(work, state)
        facts: dict[str, Any] = {"promised": state.persons, "minors_promised": state.minors}
        if dwelling is not None:
            _check_dwelling(work, state, dwelling)
            facts["dwelling"] = dwelling
        return work.record(
            EventKind.PROMISED, at=at, actor=actor, reason=reason, household=household,
            municipality=state.municipality, facts=facts,
        )  # fmt: skip


def settle(
    store: Store, household: str, *, at: datetime, actor: str, reason: str,
    version: int | None = None,
) -> Event:  # fmt: skip
    """Record that a promised household has moved in."""
    with store.writing() as work:
        state = _state(work, household, EventKind.SETTLED, version)
        facts = {
            **_released(state), "settled": state.held_persons, "minors_settled": state.held_minors
        }  # fmt: skip
        return work.record(
            EventKind.SETTLED, at=at, actor=actor, reason=reason, household=household,
            municipality=state.municipality, facts=facts,
        )  # fmt: skip


def decline(
    store: Store, household: str, *, at: datetime, actor: str, reason: str,
    version: int | None = None,
) -> Event:  # fmt: skip
    """Record a municipality's no; the household is ready again, and never proposed there again."""
    kind = EventKind.DECLINED
    return _leave(store, household, kind, at=at, actor=actor, reason=reason, version=version)


def lapse(
    store: Store, household: str, *, at: datetime, actor: str, reason: str,
    version: int | None = None,
) -> Event:  # fmt: skip
    """Record that no answer came in time; the household is ready again."""
    kind = EventKind.LAPSED
    return _leave(store, household, kind, at=at, actor=actor, reason=reason, version=version)


def withdraw(
    store: Store, household: str, *, at: datetime, actor: str, reason: str,
    version: int | None = None,
) -> Event:  # fmt: skip
    """Record that a household is no longer to be settled; what it was promised is open again."""
    kind = EventKind.WITHDRAWN
    return _leave(store, household, kind, at=at, actor=actor, reason=reason, version=version)


def _leave(
    store: Store, household: str, kind: EventKind, *, at: datetime, actor: str, reason: str,
    version: int | None,
) -> Event:  # fmt: skip
    with store.writing() as work:
        state = _state(work, household, kind, version)
        facts = _released(state) if state.status is Status.PROMISED else {}
        return work.record(
            kind, at=at, actor=actor, reason=reason, household=household,
            municipality=state.municipality, facts=facts,
        )  # fmt: skip


def _released(state: HouseholdState) -> dict[str, int]:
    return {"promised": -state.held_persons, "minors_promised": -state.held_minors}


def _state(work: Work, household: str, kind: EventKind, version: int | None) -> HouseholdState:
    state = work.household(household, version)
    if state.status not in FROM[kind]:
        work.flush()
        latest = next(
            read_events(work.connection, tables.events.c.household == household, newest=1), None
        )
        allowed = " or ".join(FROM[kind])
        raise WrongStatusError(
            f"household {household} is {state.status} and cannot be {kind}; it must be {allowed}."
            f" Latest change: {latest}"
        )
    return state


def _ledger_changes(work: Work, number: str) -> list[Event]:
    """Give the latest events that changed a ledger; a proposal does not."""
    work.flush()
    found = read_events(
        work.connection, tables.events.c.municipality == number,
        tables.events.c.kind.in_(ON_LEDGER), newest=LOOKED_AT,
    )  # fmt: skip
    return list(islice((event for event in found if event.facts), TOLD))


def _check_room(work: Work, state: HouseholdState) -> None:
    number = state.municipality or ""
    ledger = work.municipality(number).ledger
    for what, needed, open_ in (
        ("places", state.persons, ledger.open),
        ("places for unaccompanied minors", state.minors, ledger.minors_open),
    ):
        if needed > 0 and needed > open_:
            raise NoRoomError(number, what, needed, open_, _ledger_changes(work, number))


def _check_dwelling(work: Work, state: HouseholdState, dwelling: str) -> None:
    work.flush()
    place = work.municipality(state.municipality or "")
    listed = DWELLINGS.validate_json(
        get_contents(work.connection, [place.dwellings])[place.dwellings]
    )
    if dwelling not in {home.id for home in listed}:
        raise TakenDwellingError(f"dwelling {dwelling} is not among those of {place.number}")
    held = select(tables.households.c.id).where(
        tables.households.c.municipality == place.number,
        tables.households.c.status.in_((Status.PROMISED, Status.SETTLED)),
    )
    for other in work.connection.execute(held).scalars():
        if work.household(other).dwelling == dwelling:
            raise TakenDwellingError(f"dwelling {dwelling} is promised to household {other}")
