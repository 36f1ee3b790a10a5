"""Endpoints of municipalities: list, details, changes of ledger, dwellings and weeks, alarms.

Municipal users see and change their own municipality; any other is answered as not existing.
"""

from collections import Counter
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.access.disclosure import Disclosure, discloses
from api.access.guard import allow, check_scope, in_scope
from api.access.principal import Principal
from api.dependencies import NowDep, StoreDep
from api.events import EventPage, event_page
from api.municipalities.ledger_schemas import (
    BeginYearRequest,
    LedgerYear,
    LedgerYearResult,
    UpdateLedgerRequest,
)
from api.municipalities.schemas import (
    MunicipalityAlarm,
    MunicipalityDetail,
    MunicipalityPage,
    ReplaceDwellingsRequest,
    ReplaceWeeksRequest,
)
from api.municipalities.service import (
    describe_municipality,
    summarize_municipality,
    to_dwelling,
    to_planned_week,
    visible_alarms,
)
from api.params import AfterCursor, MunicipalityPath, PageLimit, decode_cursor, encode_cursor
from api.problems import CHANGE_ERRORS, ITEM_ERRORS, LIST_ERRORS, REPLACE_ERRORS, RefusedError
from api.writes import IfMatch, WriteContext, allow_write, etag_header, required_version
from matcher.domain.roles import Role
from matcher.store import current as states
from matcher.store.asked_for import AskedFor, count_asked_for
from matcher.store.current import get_municipality_state
from matcher.store.dwellings import revise_dwellings
from matcher.store.ledger import begin_ledger_year, read_ledger_changes, revise_ledger
from matcher.store.weeks import revise_weeks

router = APIRouter(prefix="/api/v1", tags=["municipalities"])
MUNICIPALITY_READERS = (
    Role.CASEWORKER,
    Role.POLICY_OWNER,
    Role.MUNICIPALITY,
    Role.OPERATOR,
    Role.AUDITOR,
)
SAID_BY_MUNICIPALITY = {
    "decided",
    "minors_decided",
    "extra",
    "receive_now",
    "decided_on",
    "decision_case",
    "new_case",
    "clauses",
}
"""What the municipality says itself; the store counts the other numbers, or IMDi sets them."""


@router.get("/municipalities", responses=LIST_ERRORS)
def list_municipalities(
    store: StoreDep,
    now: NowDep,
    principal: Principal = allow(*MUNICIPALITY_READERS),
    after: AfterCursor = None,
    limit: PageLimit = 100,
) -> MunicipalityPage:
    """List municipalities by number."""
    place = decode_cursor(after, 1)
    with store.read_transaction():
        municipalities_in_store = states.list_municipalities(store, now.date())
        asked_for = count_asked_for(store, now.date())
        proposals = Counter(h.state.municipality for h in states.list_proposed_households(store))
    remaining = [
        m
        for m in municipalities_in_store
        if in_scope(principal, m.state.number) and (place is None or m.state.number > place[0])
    ]
    page = remaining[:limit]
    return MunicipalityPage(
        items=[
            summarize_municipality(
                m, proposals[m.state.number], asked_for.get(m.state.number, AskedFor()), now.date()
            )
            for m in page
        ],
        next=encode_cursor(page[-1].state.number) if len(remaining) > limit else None,
    )


@router.get("/municipalities/{municipality}", responses=ITEM_ERRORS)
def get_municipality(
    municipality: MunicipalityPath,
    store: StoreDep,
    now: NowDep,
    response: Response,
    principal: Principal = allow(Role.CASEWORKER, Role.MUNICIPALITY),
    disclosure: Disclosure = discloses(),
) -> MunicipalityDetail:
    """Show a municipality: ledger, homes, services, proposals; its version is the ETag."""
    check_scope(principal, municipality)
    details = describe_municipality(store, municipality, principal, now.date())
    disclosure.record(details)
    response.headers.update(etag_header(details.version))
    return details


@router.get("/municipalities/{municipality}/ledger", responses=ITEM_ERRORS)
def list_ledger_changes(
    municipality: MunicipalityPath,
    store: StoreDep,
    principal: Principal = allow(Role.CASEWORKER, Role.MUNICIPALITY, Role.AUDITOR),
    disclosure: Disclosure = discloses(),
    after: AfterCursor = None,
    year: Annotated[
        LedgerYear | None, Query(description="Only what changed the ledger of this year.")
    ] = None,
    limit: PageLimit = 100,
) -> EventPage:
    """List the events that changed a ledger, in order, with actor and reason."""
    check_scope(principal, municipality)
    get_municipality_state(store, municipality)
    page = event_page(read_ledger_changes(store, municipality, year), after, limit)
    disclosure.record(page)
    for item in page.items:
        # The municipality may not read what a caseworker writes about a household.
        if (
            principal.municipality is not None
            and item.household is not None
            and item.actor != principal.id
        ):
            item.reason = None
    return page


@router.patch(
    "/municipalities/{municipality}/ledger",
    response_model=MunicipalityDetail,
    responses=CHANGE_ERRORS,
)
def update_ledger(
    municipality: MunicipalityPath,
    body: UpdateLedgerRequest,
    context: WriteContext = allow_write(Role.CASEWORKER, Role.MUNICIPALITY),
) -> Response:
    """Record new numbers of a year, higher or lower; alarms report what is not consistent."""
    check_scope(context.principal, municipality)
    numbers = body.changes()
    foreign = sorted(set(numbers) - SAID_BY_MUNICIPALITY)
    if context.principal.municipality is not None and foreign:
        raise RefusedError(
            HTTPStatus.FORBIDDEN,
            f"{', '.join(foreign)}: a municipality says "
            f"{', '.join(sorted(SAID_BY_MUNICIPALITY))} itself",
        )

    def record_numbers() -> MunicipalityDetail:
        stamp = context.stamp(body.reason)
        revise_ledger(context.store, municipality, numbers, stamp, year=body.year)
        return describe_municipality(context.store, municipality, context.principal, context.today)

    return context.apply_once(record_numbers)


@router.put(
    "/municipalities/{municipality}/dwellings",
    response_model=MunicipalityDetail,
    responses=REPLACE_ERRORS,
)
def replace_dwellings(
    municipality: MunicipalityPath,
    body: ReplaceDwellingsRequest,
    if_match: IfMatch = None,
    context: WriteContext = allow_write(Role.CASEWORKER, Role.MUNICIPALITY),
) -> Response:
    """Replace the list of dwellings of a municipality, including those that are promised."""
    required_version(if_match)
    check_scope(context.principal, municipality)

    def record_dwellings() -> MunicipalityDetail:
        homes = [to_dwelling(facts) for facts in body.dwellings]
        stamp = context.stamp(body.reason)
        revise_dwellings(context.store, municipality, homes, stamp, complete=body.complete)
        return describe_municipality(context.store, municipality, context.principal, context.today)

    return context.apply_once(record_dwellings)


@router.put(
    "/municipalities/{municipality}/weeks",
    response_model=MunicipalityDetail,
    responses=REPLACE_ERRORS,
)
def replace_weeks(
    municipality: MunicipalityPath,
    body: ReplaceWeeksRequest,
    if_match: IfMatch = None,
    context: WriteContext = allow_write(Role.CASEWORKER, Role.MUNICIPALITY),
) -> Response:
    """Replace the plan by weeks of a municipality: persons it can receive when, as guidance."""
    required_version(if_match)
    check_scope(context.principal, municipality)

    def record_weeks() -> MunicipalityDetail:
        plan = [to_planned_week(facts) for facts in body.weeks]
        revise_weeks(context.store, municipality, plan, context.stamp(body.reason))
        return describe_municipality(context.store, municipality, context.principal, context.today)

    return context.apply_once(record_weeks)


@router.post("/ledger-years", response_model=LedgerYearResult, responses=CHANGE_ERRORS)
def begin_year(
    body: BeginYearRequest,
    context: WriteContext = allow_write(Role.CASEWORKER, Role.OPERATOR),
) -> Response:
    """Begin a year in every ledger: nobody is settled in it yet, no decision is recorded.

    The coming year can be begun at any time, so that in December arrivals in January take places
    of its decisions; the running year in January.
    """

    def record_year() -> LedgerYearResult:
        begun = begin_ledger_year(context.store, body.year, context.stamp(body.reason))
        known = states.list_municipalities(context.store, context.today)
        return LedgerYearResult(year=body.year, begun=len(begun), already=len(known) - len(begun))

    return context.apply_once(record_year)


@router.get("/alarms", responses=LIST_ERRORS)
def list_alarms(
    store: StoreDep,
    now: NowDep,
    principal: Principal = allow(
        Role.CASEWORKER, Role.POLICY_OWNER, Role.OPERATOR, Role.MUNICIPALITY
    ),
    disclosure: Disclosure = discloses(),
) -> list[MunicipalityAlarm]:
    """List the alarms that a person must look at, by municipality."""
    alarms = visible_alarms(store, principal, now.date())
    disclosure.record(alarms)
    return alarms
