"""Changing a household: its facts, pins, bans, its withdrawal, and undoing the latest of these."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Response

from api.access import Principal, Role, allow
from api.answers import CHANGED, REPLACED
from api.context import Now, StoreHere
from api.events import happened
from api.households.schemas import (
    Because,
    Changed,
    HouseholdBan,
    HouseholdChange,
    HouseholdPin,
)
from api.households.service import changed_facts, whole
from api.once import OnceHere
from api.versions import IfMatch, Version, looked_at
from api.words import HouseholdPath
from matcher.store.database import (
    Event,
    Store,
    ban,
    describe,
    filed,
    household_now,
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
    store: StoreHere,
    now: Now,
    once: OnceHere,
    if_match: IfMatch = None,
    who: Principal = allow(Role.CASEWORKER),
) -> Response:
    """Record what is newly known: what is left out stays as it is, of the household and of each."""
    version = looked_at(if_match)

    def made() -> Changed:
        facts = changed_facts(store, filed(store, household), body)
        by = _by(now, who, body.reason, version)
        return _changed(store, household, now, [describe(store, facts, **by)])

    return once(made)


@router.post("/pin", response_model=Changed, responses=CHANGED)
def pin_it(
    household: HouseholdPath,
    body: HouseholdPin,
    store: StoreHere,
    now: Now,
    once: OnceHere,
    version: Version,
    who: Principal = allow(Role.CASEWORKER),
) -> Response:
    """Decide where a household comes: nights plan it there and nowhere else."""
    by = _by(now, who, body.reason, version)
    return _once(
        once, store, household, now, lambda: [pin(store, household, body.municipality, **by)]
    )


@router.post("/unpin", response_model=Changed, responses=CHANGED)
def unpin_it(
    household: HouseholdPath,
    body: Because,
    store: StoreHere,
    now: Now,
    once: OnceHere,
    version: Version,
    who: Principal = allow(Role.CASEWORKER),
) -> Response:
    """Free a household from its pin."""
    by = _by(now, who, body.reason, version)
    return _once(once, store, household, now, lambda: [unpin(store, household, **by)])


@router.post("/ban", response_model=Changed, responses=CHANGED)
def ban_it(
    household: HouseholdPath,
    body: HouseholdBan,
    store: StoreHere,
    now: Now,
    once: OnceHere,
    version: Version,
    who: Principal = allow(Role.CASEWORKER),
) -> Response:
    """Rule a municipality out for a household."""
    by = _by(now, who, body.reason, version)
    return _once(
        once, store, household, now,
        lambda: [ban(store, household, body.municipality, body.why, **by)],
    )  # fmt: skip


@router.post("/unban", response_model=Changed, responses=CHANGED)
def unban_it(
    household: HouseholdPath,
    body: HouseholdBan,
    store: StoreHere,
    now: Now,
    once: OnceHere,
    version: Version,
    who: Principal = allow(Role.CASEWORKER),
) -> Response:
    """Lift the ban of one kind from a municipality; bans of other kinds stay."""
    by = _by(now, who, body.reason, version)
    return _once(
        once, store, household, now,
        lambda: [unban(store, household, body.municipality, body.why, **by)],
    )  # fmt: skip


@router.post("/withdraw", response_model=Changed, responses=CHANGED)
def withdraw_it(
    household: HouseholdPath,
    body: Because,
    store: StoreHere,
    now: Now,
    once: OnceHere,
    version: Version,
    who: Principal = allow(Role.CASEWORKER),
) -> Response:
    """Record that a household is no longer to be settled; what it was promised is open again."""
    by = _by(now, who, body.reason, version)
    return _once(once, store, household, now, lambda: withdraw(store, household, **by))


@router.post("/undo", response_model=Changed, responses=CHANGED)
def undo_it(
    household: HouseholdPath,
    body: Because,
    store: StoreHere,
    now: Now,
    once: OnceHere,
    version: Version,
    who: Principal = allow(Role.CASEWORKER),
) -> Response:
    """Undo the latest change, where nothing rests on it; both stay on the record."""
    by = _by(now, who, body.reason, version)
    return _once(once, store, household, now, lambda: undo(store, household, **by))


def _by(now: datetime, who: Principal, reason: str, version: int | None) -> dict[str, Any]:
    return {"at": now, "actor": who.id, "reason": reason, "version": version}


def _once(
    once: OnceHere, store: Store, household: str, now: datetime,
    happen: Callable[[], list[Event]],
) -> Response:  # fmt: skip
    return once(lambda: _changed(store, household, now, happen()))


def _changed(store: Store, household: str, now: datetime, events: list[Event]) -> Changed:
    names = dict.fromkeys(event.household or household for event in events)
    households = [whole(household_now(store, name), now.date()) for name in names]
    version = household_now(store, household).state.version
    return Changed(households=households, events=happened(events), version=version)
