"""Changing a household: its facts, pins, bans, its withdrawal, and undoing the latest of these."""

from collections.abc import Callable

from fastapi import APIRouter, Response

from api.access import Role
from api.answers import CHANGED, REPLACED
from api.deeds import Deed, deed_of
from api.events import happened
from api.households.schemas import (
    Because,
    Changed,
    ErasedNow,
    HouseholdBan,
    HouseholdChange,
    HouseholdPin,
)
from api.households.service import changed_facts, whole
from api.versions import IfMatch, looked_at
from api.words import HouseholdPath
from matcher.store.database import (
    Event,
    ban,
    describe,
    erase,
    filed,
    household_now,
    household_state,
    pin,
    unban,
    undo,
    unpin,
    withdraw,
)

router = APIRouter(prefix="/api/v1/households/{household}", tags=["households"])


@router.patch("", response_model=Changed, responses=REPLACED)
def change(
    household: HouseholdPath,
    body: HouseholdChange,
    if_match: IfMatch = None,
    deed: Deed = deed_of(Role.CASEWORKER),
) -> Response:
    """Record what is newly known: what is left out stays as it is, of the household and of each."""
    looked_at(if_match)

    def happen() -> list[Event]:
        facts = changed_facts(deed.store, filed(deed.store, household), body)
        return [describe(deed.store, facts, **deed.by(body.reason))]

    return _once(deed, household, happen)


@router.post("/pin", response_model=Changed, responses=CHANGED)
def pin_it(
    household: HouseholdPath,
    body: HouseholdPin,
    deed: Deed = deed_of(Role.CASEWORKER),
) -> Response:
    """Decide where a household comes: nights plan it there and nowhere else."""
    store, by = deed.store, deed.by(body.reason)
    return _once(deed, household, lambda: [pin(store, household, body.municipality, **by)])


@router.post("/unpin", response_model=Changed, responses=CHANGED)
def unpin_it(
    household: HouseholdPath,
    body: Because,
    deed: Deed = deed_of(Role.CASEWORKER),
) -> Response:
    """Free a household from its pin."""
    store, by = deed.store, deed.by(body.reason)
    return _once(deed, household, lambda: [unpin(store, household, **by)])


@router.post("/ban", response_model=Changed, responses=CHANGED)
def ban_it(
    household: HouseholdPath,
    body: HouseholdBan,
    deed: Deed = deed_of(Role.CASEWORKER),
) -> Response:
    """Rule a municipality out for a household."""
    store, by = deed.store, deed.by(body.reason)
    return _once(
        deed, household,
        lambda: [ban(store, household, body.municipality, body.why, **by)],
    )  # fmt: skip


@router.post("/unban", response_model=Changed, responses=CHANGED)
def unban_it(
    household: HouseholdPath,
    body: HouseholdBan,
    deed: Deed = deed_of(Role.CASEWORKER),
) -> Response:
    """Lift the ban of one kind from a municipality; bans of other kinds stay."""
    store, by = deed.store, deed.by(body.reason)
    return _once(
        deed, household,
        lambda: [unban(store, household, body.municipality, body.why, **by)],
    )  # fmt: skip


@router.post("/withdraw", response_model=Changed, responses=CHANGED)
def withdraw_it(
    household: HouseholdPath,
    body: Because,
    deed: Deed = deed_of(Role.CASEWORKER),
) -> Response:
    """Record that a household is no longer to be settled; what it was promised is open again."""
    store, by = deed.store, deed.by(body.reason)
    return _once(deed, household, lambda: withdraw(store, household, **by))


@router.post("/undo", response_model=Changed, responses=CHANGED)
def undo_it(
    household: HouseholdPath,
    body: Because,
    deed: Deed = deed_of(Role.CASEWORKER),
) -> Response:
    """Undo the latest change, where nothing rests on it; both stay on the record."""
    store, by = deed.store, deed.by(body.reason)
    return _once(deed, household, lambda: undo(store, household, **by))


@router.post("/erase", response_model=ErasedNow, responses=CHANGED)
def erase_it(
    household: HouseholdPath,
    body: Because,
    deed: Deed = deed_of(Role.OPERATOR),
) -> Response:
    """Erase what is known of a household that has settled or is withdrawn; events and places stay.

    Room that this frees on the disk is overwritten by the command `purge`, at the latest.
    """

    def made() -> ErasedNow:
        with deed.store.writing() as work:
            # Nobody erases what has changed since they looked.
            work.household(household, deed.version)
            found = erase(
                deed.store, [household], at=deed.now, actor=deed.who.id, reason=body.reason
            )
        version = household_state(deed.store, household).version
        return ErasedNow(
            contents=found.contents, outputs=found.outputs, answers=found.answers, version=version
        )

    return deed.once(made)


def _once(deed: Deed, household: str, happen: Callable[[], list[Event]]) -> Response:
    return deed.once(lambda: _changed(deed, household, happen()))


def _changed(deed: Deed, household: str, events: list[Event]) -> Changed:
    names = dict.fromkeys(event.household or household for event in events)
    households = [whole(household_now(deed.store, name), deed.today) for name in names]
    version = household_now(deed.store, household).state.version
    return Changed(households=households, events=happened(events), version=version)
