"""Endpoints that show households: a list, one household with its facts, and its events."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.access import Principal, Role, Shown, allow, shows
from api.answers import FOUND, LISTED
from api.context import Now, StoreHere
from api.cursors import After, Limit, cursor, place_of
from api.events import HappenedPage, page_of
from api.households.schemas import HouseholdPage, HouseholdWhole
from api.households.service import line, whole
from api.versions import etag
from api.words import PRINTABLE, HouseholdPath, MunicipalityNumber
from matcher.store.database import Status, household_events, listing, states
from matcher.store.database.listing import Wanted

router = APIRouter(prefix="/api/v1/households", tags=["households"])


@router.get("", responses=LISTED)
def households(
    store: StoreHere,
    now: Now,
    who: Principal = allow(Role.CASEWORKER),
    status: Annotated[
        list[Status], Query(description="Any of these; all when none is given.")
    ] = [],  # noqa: B006  # FastAPI copies it.
    waited: Annotated[
        int | None, Query(ge=0, le=36_500, description="Days waited, at least.")
    ] = None,
    municipality: Annotated[
        MunicipalityNumber | None, Query(description="Proposed, promised or settled there.")
    ] = None,
    search: Annotated[
        str | None, Query(max_length=100, pattern=PRINTABLE, description="Part of the identifier.")
    ] = None,
    after: After = None,
    limit: Limit = 100,
    shown: Shown = shows(),
) -> HouseholdPage:
    """List households, the longest waiting first."""
    day = None if waited is None else now.date() - timedelta(days=waited)
    place = place_of(after, 2)
    rows = listing.list_households(
        store,
        Wanted(tuple(status), day, municipality, search),
        limit=limit + 1,
        after=None if place is None else (place[0], place[1]),
    )
    page = rows[:limit]
    shown(h.state.id for h in page)
    return HouseholdPage(
        items=[line(h.state, h.known, now.date()) for h in page],
        next=cursor(*page[-1].place) if len(rows) > limit else None,
    )


@router.get("/{household}", responses=FOUND)
def household(
    household: HouseholdPath,
    store: StoreHere,
    now: Now,
    response: Response,
    who: Principal = allow(Role.CASEWORKER),
) -> HouseholdWhole:
    """Show a household with all its facts; its version is the ETag."""
    current = states.household_now(store, household)
    response.headers.update(etag(current.state.version))
    return whole(current, now.date())


@router.get("/{household}/events", responses=FOUND)
def events(
    household: HouseholdPath,
    store: StoreHere,
    who: Principal = allow(Role.CASEWORKER, Role.AUDITOR),
    after: After = None,
    limit: Limit = 100,
) -> HappenedPage:
    """List the events of a household, in order."""
    states.household_now(store, household)
    return page_of(household_events(store, household), after, limit)
