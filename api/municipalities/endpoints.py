"""Endpoints of municipalities: list, details, changes of the ledger and of dwellings, alarms.

Municipal users see and change their own municipality; any other is answered as not existing.
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
    municipality_state,
    revise,
    revise_dwellings,
    states,
)

router = APIRouter(prefix="/api/v1", tags=["municipalities"])
EVERYONE = (
    Role.CASEWORKER,
    Role.POLICY_OWNER,
    Role.MUNICIPALITY,
    Role.OPERATOR,
    Role.AUDITOR,
)
OWN_NUMBERS = {"decided", "minors_decided", "extra", "receive_now"}
"""Numbers that the municipality sets itself; the store counts the others, or IMDi sets them."""


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
        municipalities_in_store = states.municipalities_now(store)
        proposals = Counter(h.state.municipality for h in states.proposed_now(store))
    remaining = [
        m
        for m in municipalities_in_store
        if sees(who, m.state.number) and (place is None or m.state.number > place[0])
    ]
    page = remaining[:limit]
    return MunicipalityPage(
        items=[line(m, proposals[m.state.number]) for m in page],
        next=cursor(page[-1].state.number) if len(remaining) > limit else None,
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
    details = whole(store, municipality, who)
    shown(details.whom())
    response.headers.update(etag(details.version))
    return details


@router.get("/municipalities/{municipality}/ledger", responses=FOUND)
def ledger(
    municipality: MunicipalityPath,
    store: StoreHere,
    who: Principal = allow(Role.CASEWORKER, Role.MUNICIPALITY, Role.AUDITOR),
    shown: Shown = shows(),
    after: After = None,
    limit: Limit = 100,
) -> HappenedPage:
    """List the events that changed a ledger, in order, with actor and reason."""
    check_own(who, municipality)
    municipality_state(store, municipality)
    page = page_of(ledger_changes(store, municipality), after, limit)
    shown(page.whom())
    for item in page.items:
        # The municipality may not read what a caseworker writes about a household.
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
    """Record new numbers, higher or lower; alarms report numbers that are not consistent."""
    check_own(deed.who, municipality)
    numbers: dict[str, Any] = body.model_dump(exclude_unset=True, exclude={"reason"})
    foreign = sorted(set(numbers) - OWN_NUMBERS)
    if deed.who.municipality is not None and foreign:
        raise RefusedError(
            HTTPStatus.FORBIDDEN,
            f"{', '.join(foreign)}: a municipality says {', '.join(sorted(OWN_NUMBERS))} itself",
        )

    def record_numbers() -> MunicipalityWhole:
        revise(deed.store, municipality, numbers, **deed.by(body.reason))
        return whole(deed.store, municipality, deed.who)

    return deed.once(record_numbers)


@router.put(
    "/municipalities/{municipality}/dwellings", response_model=MunicipalityWhole, responses=REPLACED
)
def change_dwellings(
    municipality: MunicipalityPath,
    body: DwellingsChange,
    if_match: IfMatch = None,
    deed: Deed = deed_of(Role.CASEWORKER, Role.MUNICIPALITY),
) -> Response:
    """Replace the list of all dwellings of a municipality, including those that are promised."""
    looked_at(if_match)
    check_own(deed.who, municipality)

    def record_dwellings() -> MunicipalityWhole:
        homes = [dwelling(facts) for facts in body.dwellings]
        revise_dwellings(deed.store, municipality, homes, **deed.by(body.reason))
        return whole(deed.store, municipality, deed.who)

    return deed.once(record_dwellings)


@router.get("/alarms", responses=LISTED)
def all_alarms(
    store: StoreHere,
    who: Principal = allow(Role.CASEWORKER, Role.POLICY_OWNER, Role.OPERATOR, Role.MUNICIPALITY),
    shown: Shown = shows(),
) -> list[AlarmFacts]:
    """List the alarms that a person must look at, by municipality."""
    alarms = alarms_for(store, who)
    shown(alarm.household for alarm in alarms if alarm.household is not None)
    return alarms
