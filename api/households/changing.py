"""Endpoints that change a household: facts, pins, bans, withdrawal, undoing, erasing."""

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
    """Record new facts of a household and its members; a fact that is left out stays as it is."""
    looked_at(if_match)

    def record_facts() -> list[Event]:
        facts = changed_facts(deed.store, filed(deed.store, household), body)
        return [describe(deed.store, facts, **deed.by(body.reason))]

    return _apply_once(deed, household, record_facts)


@router.post("/pin", response_model=Changed, responses=CHANGED)
def pin_it(
    household: HouseholdPath,
    body: HouseholdPin,
    deed: Deed = deed_of(Role.CASEWORKER),
) -> Response:
    """Pin a household to a municipality: nights place it there and nowhere else."""
    store, by = deed.store, deed.by(body.reason)
    return _apply_once(deed, household, lambda: [pin(store, household, body.municipality, **by)])


@router.post("/unpin", response_model=Changed, responses=CHANGED)
def unpin_it(
    household: HouseholdPath,
    body: Because,
    deed: Deed = deed_of(Role.CASEWORKER),
) -> Response:
    """Remove the pin of a household."""
    store, by = deed.store, deed.by(body.reason)
    return _apply_once(deed, household, lambda: [unpin(store, household, **by)])


@router.post("/ban", response_model=Changed, responses=CHANGED)
def ban_it(
    household: HouseholdPath,
    body: HouseholdBan,
    deed: Deed = deed_of(Role.CASEWORKER),
) -> Response:
    """Rule a municipality out for a household."""
    store, by = deed.store, deed.by(body.reason)
    return _apply_once(
        deed, household, lambda: [ban(store, household, body.municipality, body.why, **by)]
    )


@router.post("/unban", response_model=Changed, responses=CHANGED)
def unban_it(
    household: HouseholdPath,
    body: HouseholdBan,
    deed: Deed = deed_of(Role.CASEWORKER),
) -> Response:
    """Lift the ban of one kind from a municipality; bans of other kinds stay."""
    store, by = deed.store, deed.by(body.reason)
    return _apply_once(
        deed, household, lambda: [unban(store, household, body.municipality, body.why, **by)]
    )


@router.post("/withdraw", response_model=Changed, responses=CHANGED)
def withdraw_it(
    household: HouseholdPath,
    body: Because,
    deed: Deed = deed_of(Role.CASEWORKER),
) -> Response:
    """Withdraw a household that is no longer to be settled; its promised places are open again."""
    store, by = deed.store, deed.by(body.reason)
    return _apply_once(deed, household, lambda: withdraw(store, household, **by))


@router.post("/undo", response_model=Changed, responses=CHANGED)
def undo_it(
    household: HouseholdPath,
    body: Because,
    deed: Deed = deed_of(Role.CASEWORKER),
) -> Response:
    """Undo the latest change, if no later event depends on it; both events stay recorded."""
    store, by = deed.store, deed.by(body.reason)
    return _apply_once(deed, household, lambda: undo(store, household, **by))


@router.post("/erase", response_model=ErasedNow, responses=CHANGED)
def erase_it(
    household: HouseholdPath,
    body: Because,
    deed: Deed = deed_of(Role.OPERATOR),
) -> Response:
    """Erase the facts of a household that has settled or is withdrawn; events and places stay.

    The command `purge` overwrites the space on disk that this frees.
    """

    def erase_facts() -> ErasedNow:
        with deed.store.writing() as work:
            # Refuse to erase if the household has changed since the caller read it.
            work.household(household, deed.version)
            erased = erase(
                deed.store, [household], at=deed.now, actor=deed.who.id, reason=body.reason
            )
        version = household_state(deed.store, household).version
        return ErasedNow(
            contents=erased.contents,
            outputs=erased.outputs,
            answers=erased.answers,
            version=version,
        )

    return deed.once(erase_facts)


def _apply_once(deed: Deed, household: str, change: Callable[[], list[Event]]) -> Response:
    return deed.once(lambda: _change_result(deed, household, change()))


def _change_result(deed: Deed, household: str, events: list[Event]) -> Changed:
    names = dict.fromkeys(event.household or household for event in events)
    households = [whole(household_now(deed.store, name), deed.today) for name in names]
    version = household_now(deed.store, household).state.version
    return Changed(households=households, events=happened(events), version=version)
