"""Endpoints that show households: a list, one household with its facts, and its events."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.access.disclosure import Disclosure, discloses
from api.access.guard import allow
from api.access.principal import Principal
from api.dependencies import NowDep, StoreDep
from api.events import EventPage, event_page
from api.households.schemas import HouseholdDetail, HouseholdPage
from api.households.service import describe_household, summarize_household
from api.params import (
    PRINTABLE_PATTERN,
    AfterCursor,
    HouseholdPath,
    MunicipalityNumber,
    PageLimit,
    decode_cursor,
    encode_cursor,
)
from api.problems import ITEM_ERRORS, LIST_ERRORS
from api.writes import etag_header
from matcher.domain.roles import Role
from matcher.store import current as states
from matcher.store import household_list as listing
from matcher.store.household_list import HouseholdFilter
from matcher.store.household_state import Status
from matcher.store.ledger import read_household_events

router = APIRouter(prefix="/api/v1/households", tags=["households"])


@router.get("", responses=LIST_ERRORS)
def list_households(
    store: StoreDep,
    at: NowDep,
    principal: Principal = allow(Role.CASEWORKER),
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
        str | None,
        Query(max_length=100, pattern=PRINTABLE_PATTERN, description="Part of the identifier."),
    ] = None,
    after: AfterCursor = None,
    limit: PageLimit = 100,
    disclosure: Disclosure = discloses(),
) -> HouseholdPage:
    """List households, the longest waiting first."""
    day = None if waited is None else at.date() - timedelta(days=waited)
    place = decode_cursor(after, 2)
    rows = listing.list_households(
        store,
        HouseholdFilter(tuple(status), day, municipality, search),
        limit=limit + 1,
        after=None if place is None else (place[0], place[1]),
    )
    page = rows[:limit]
    answer = HouseholdPage(
        items=[summarize_household(h.state, h.facts, at.date()) for h in page],
        next=encode_cursor(*page[-1].sort_key) if len(rows) > limit else None,
    )
    disclosure.record(answer)
    return answer


@router.get("/{household}", responses=ITEM_ERRORS)
def get_household(
    household: HouseholdPath,
    store: StoreDep,
    at: NowDep,
    response: Response,
    principal: Principal = allow(Role.CASEWORKER),
) -> HouseholdDetail:
    """Show a household with all its facts; its version is the ETag."""
    current = states.get_household(store, household)
    response.headers.update(etag_header(current.state.version))
    return describe_household(current, at.date())


@router.get("/{household}/events", responses=ITEM_ERRORS)
def list_household_events(
    household: HouseholdPath,
    store: StoreDep,
    principal: Principal = allow(Role.CASEWORKER, Role.AUDITOR),
    after: AfterCursor = None,
    limit: PageLimit = 100,
) -> EventPage:
    """List the events of a household, in order."""
    states.get_household(store, household)
    return event_page(read_household_events(store, household), after, limit)
