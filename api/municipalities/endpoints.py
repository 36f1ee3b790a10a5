"""Municipalities: a list, one with its ledger, homes and services, and what changed its ledger.

A municipality's own users see and change theirs; of others they are told that there are none.
"""

from collections import Counter
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Response

from api.access import Principal, Role, Shown, allow, shows
from api.access.own import check_own, sees
from api.answers import CHANGED, FOUND, LISTED, REPLACED
from api.context import StoreHere
from api.cursors import After, Limit, cursor, place_of
from api.deeds import Deed, deed_of
from api.events import HappenedPage, page_of
from api.municipalities.schemas import (
    AlarmFacts,
    DwellingsChange,
    LedgerChange,
    MunicipalityPage,
    MunicipalityWhole,
)
from api.municipalities.service import alarms_for, dwelling, line, whole
from api.problems import RefusedError
from api.versions import IfMatch, etag, looked_at
from api.words import MunicipalityPath
from matcher.store.database import (
    ledger_changes,
    municipalities_now,
    municipality_state,
    proposed_now,
    revise,
    revise_dwellings,
)

router = APIRouter(prefix="/api/v1", tags=["municipalities"])
EVERYONE = (
    Role.CASEWORKER, Role.POLICY_OWNER, Role.MUNICIPALITY, Role.OPERATOR, Role.AUDITOR,
)  # fmt: skip
OWN_NUMBERS = {"decided", "minors_decided", "extra", "receive_now"}
"""What a municipality itself says; the rest is counted by the store or said by IMDi."""


@router.get("/municipalities", responses=LISTED)
def municipalities(
    store: StoreHere,
    who: Principal = allow(*EVERYONE),
    after: After = None,
    limit: Limit = 100,
) -> MunicipalityPage:
    """List municipalities by number."""
    place = place_of(after, 1)
    with store.reading():
        found = municipalities_now(store)
        proposals = Counter(h.state.municipality for h in proposed_now(store))
    rest = [
        m for m in found
        if sees(who, m.state.number) and (place is None or m.state.number > place[0])
    ]  # fmt: skip
    shown = rest[:limit]
    return MunicipalityPage(
        items=[line(m, proposals[m.state.number]) for m in shown],
        next=cursor(shown[-1].state.number) if len(rest) > limit else None,
    )


@router.get("/municipalities/{municipality}", responses=FOUND)
def read_municipality(
    municipality: MunicipalityPath,
    store: StoreHere,
    response: Response,
    who: Principal = allow(Role.CASEWORKER, Role.MUNICIPALITY),
    shown: Shown = shows(),
) -> MunicipalityWhole:
    """Show a municipality: ledger, homes, services, proposals; its version is the ETag."""
    check_own(who, municipality)
    found = whole(store, municipality, who)
    shown(found.whom())
    response.headers.update(etag(found.version))
    return found


@router.get("/municipalities/{municipality}/ledger", responses=FOUND)
def ledger(
    municipality: MunicipalityPath,
    store: StoreHere,
    who: Principal = allow(Role.CASEWORKER, Role.MUNICIPALITY, Role.AUDITOR),
    shown: Shown = shows(),
    after: After = None,
    limit: Limit = 100,
) -> HappenedPage:
    """Show what has changed a ledger, in order, with who and why."""
    check_own(who, municipality)
    municipality_state(store, municipality)
    page = page_of(ledger_changes(store, municipality), after, limit)
    shown(page.whom())
    for item in page.items:
        # What a caseworker writes of a household is not the municipality's to read.
        if who.municipality is not None and item.household is not None and item.actor != who.id:
            item.reason = None
    return page


@router.patch(
    "/municipalities/{municipality}/ledger", response_model=MunicipalityWhole, responses=CHANGED
)
def change_ledger(
    municipality: MunicipalityPath,
    body: LedgerChange,
    deed: Deed = deed_of(Role.CASEWORKER, Role.MUNICIPALITY),
) -> Response:
    """Record new numbers, upward or downward; alarms tell what does not go together."""
    check_own(deed.who, municipality)
    numbers: dict[str, Any] = body.model_dump(exclude_unset=True, exclude={"reason"})
    others = sorted(set(numbers) - OWN_NUMBERS)
    if deed.who.municipality is not None and others:
        raise RefusedError(
            HTTPStatus.FORBIDDEN,
            f"{', '.join(others)}: a municipality says {', '.join(sorted(OWN_NUMBERS))} itself",
        )

    def made() -> MunicipalityWhole:
        revise(deed.store, municipality, numbers, **deed.by(body.reason))
        return whole(deed.store, municipality, deed.who)

    return deed.once(made)


@router.put(
    "/municipalities/{municipality}/dwellings", response_model=MunicipalityWhole, responses=REPLACED
)
def change_dwellings(
    municipality: MunicipalityPath,
    body: DwellingsChange,
    if_match: IfMatch = None,
    deed: Deed = deed_of(Role.CASEWORKER, Role.MUNICIPALITY),
) -> Response:
    """Record all homes of a municipality, those that are promised included."""
    looked_at(if_match)
    check_own(deed.who, municipality)

    def made() -> MunicipalityWhole:
        homes = [dwelling(facts) for facts in body.dwellings]
        revise_dwellings(deed.store, municipality, homes, **deed.by(body.reason))
        return whole(deed.store, municipality, deed.who)

    return deed.once(made)


@router.get("/alarms", responses=LISTED)
def all_alarms(
    store: StoreHere,
    who: Principal = allow(Role.CASEWORKER, Role.POLICY_OWNER, Role.OPERATOR, Role.MUNICIPALITY),
    shown: Shown = shows(),
) -> list[AlarmFacts]:
    """List what a person must look at, by municipality."""
    found = alarms_for(store, who)
    shown(alarm.household for alarm in found if alarm.household is not None)
    return found
