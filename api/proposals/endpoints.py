"""Endpoints of proposals: a caseworker proposes, a municipality answers, households settle."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.access.disclosure import Disclosure, discloses
from api.access.guard import allow, in_scope
from api.access.principal import Principal
from api.dependencies import NowDep, SettingsDep, StoreDep
from api.params import (
    AfterCursor,
    HouseholdPath,
    IsoDay,
    MunicipalityNumber,
    PageLimit,
    decode_cursor,
    encode_cursor,
)
from api.problems import CHANGE_ERRORS, LIST_ERRORS, RefusedError
from api.proposals.schemas import (
    AcceptProposalRequest,
    CreateProposalRequest,
    DeclineProposalRequest,
    LapseProposalRequest,
    LapseResult,
    ProposalChangeResult,
    ProposalPage,
    SettleProposalRequest,
)
from api.proposals.service import build_change_result, build_proposal
from api.tracing import AskingShareDep, TracerDep, trace_or_empty
from api.writes import IdempotentWriterDep, WriteContext, allow_write
from matcher.domain.errors import UnknownHouseholdError
from matcher.domain.roles import Role
from matcher.store.current import get_household_state, list_proposed_households
from matcher.store.events import Event
from matcher.store.stamp import Stamp
from matcher.store.transitions import decline, lapse, lapse_overdue, promise, propose, settle

router = APIRouter(prefix="/api/v1/proposals", tags=["proposals"])


@router.get("", responses=LIST_ERRORS)
def list_proposals(
    store: StoreDep,
    at: NowDep,
    principal: Principal = allow(Role.CASEWORKER, Role.MUNICIPALITY),
    municipality: Annotated[
        MunicipalityNumber | None, Query(description="To one municipality.")
    ] = None,
    answer_by: Annotated[
        IsoDay | None, Query(description="To be answered by this day or before.")
    ] = None,
    after: AfterCursor = None,
    limit: PageLimit = 100,
    disclosure: Disclosure = discloses(),
) -> ProposalPage:
    """List open proposals; those to be answered first come first.

    Municipal users see proposals to their municipality. Overdue proposals are marked; they lapse
    only when a person lets them lapse.
    """
    place = decode_cursor(after, 2)
    visible = principal.municipality or municipality
    rows = [
        (str(h.state.answer_by), h.state.id, h)
        for h in (
            list_proposed_households(store, visible) if municipality in (None, visible) else []
        )
        if answer_by is None or (h.state.answer_by or answer_by) <= answer_by
    ]
    remaining = [row for row in rows if place is None or row[:2] > place]
    page = remaining[:limit]
    answer = ProposalPage(
        items=[build_proposal(household, at.date()) for _, _, household in page],
        next=encode_cursor(*page[-1][:2]) if len(remaining) > limit else None,
    )
    disclosure.record(answer)
    return answer


@router.post(
    "", status_code=HTTPStatus.CREATED, response_model=ProposalChangeResult, responses=CHANGE_ERRORS
)
def create_proposal(
    body: CreateProposalRequest,
    settings: SettingsDep,
    tracer: TracerDep,
    asking_share: AskingShareDep,
    context: WriteContext = allow_write(Role.CASEWORKER),
) -> Response:
    """Propose a household, with those linked to it, to a municipality.

    What the service shows at this moment is stored with the proposal, see decisions. Whoever asks
    for more places than the policy wants needs a reason, and is answered with a warning.
    """
    answer_by = body.answer_by or context.today + timedelta(days=settings.answer_days)
    if answer_by < context.today:
        raise RefusedError(
            HTTPStatus.UNPROCESSABLE_ENTITY, f"answer_by is {answer_by}: give today or a later day"
        )
    trace = trace_or_empty(tracer, body.household, body.municipality, context.today)

    def record_proposal() -> ProposalChangeResult:
        events = propose(
            context.store,
            body.household,
            body.municipality,
            context.stamp(body.reason or "as suggested"),
            answer_by=answer_by,
            trace=trace,
            overriding=body.reason is not None,
            asking_share=asking_share,
        )
        return build_change_result(context.store, events, context.today)

    return context.apply_once(record_proposal, HTTPStatus.CREATED)


@router.post("/lapse", response_model=LapseResult, responses=LIST_ERRORS)
def lapse_overdue_proposals(
    body: LapseProposalRequest,
    store: StoreDep,
    at: NowDep,
    apply_once: IdempotentWriterDep,
    principal: Principal = allow(Role.CASEWORKER, Role.OPERATOR),
) -> Response:
    """Let every proposal lapse whose last day to answer has passed.

    Proposals are selected at this moment: one that has been answered meanwhile does not lapse.
    """

    def record_lapses() -> LapseResult:
        events = lapse_overdue(store, Stamp(at, principal.id, body.reason))
        names = dict.fromkeys(str(event.household) for event in events)
        return LapseResult(households=list(names), answer_by=at.date() - timedelta(days=1))

    return apply_once(record_lapses)


@router.post("/{household}/accept", response_model=ProposalChangeResult, responses=CHANGE_ERRORS)
def accept_proposal(
    household: HouseholdPath,
    body: AcceptProposalRequest,
    context: WriteContext = allow_write(Role.CASEWORKER, Role.MUNICIPALITY),
) -> Response:
    """Record a municipality's yes, which uses places and, if one is named, a dwelling."""
    store, stamp = context.store, context.stamp(body.reason)
    return _apply_once(
        context,
        household,
        lambda: promise(store, household, stamp, dwelling=body.dwelling, move_in=body.move_in),
    )


@router.post("/{household}/decline", response_model=ProposalChangeResult, responses=CHANGE_ERRORS)
def decline_proposal(
    household: HouseholdPath,
    body: DeclineProposalRequest,
    context: WriteContext = allow_write(Role.CASEWORKER, Role.MUNICIPALITY),
) -> Response:
    """Record a municipality's no; the household is ready again, and not proposed there again."""
    store, stamp = context.store, context.stamp(body.reason)
    return _apply_once(context, household, lambda: decline(store, household, stamp))


@router.post("/{household}/lapse", response_model=ProposalChangeResult, responses=CHANGE_ERRORS)
def lapse_proposal(
    household: HouseholdPath,
    body: LapseProposalRequest,
    context: WriteContext = allow_write(Role.CASEWORKER),
) -> Response:
    """Record that no answer came in time; the household is ready again."""
    store, stamp = context.store, context.stamp(body.reason)
    return _apply_once(context, household, lambda: lapse(store, household, stamp))


@router.post("/{household}/settle", response_model=ProposalChangeResult, responses=CHANGE_ERRORS)
def settle_proposal(
    household: HouseholdPath,
    body: SettleProposalRequest,
    context: WriteContext = allow_write(Role.CASEWORKER, Role.MUNICIPALITY),
) -> Response:
    """Record that a promised household has moved in."""
    store, stamp = context.store, context.stamp(body.reason)
    return _apply_once(
        context, household, lambda: settle(store, household, stamp, moved_in=body.moved_in)
    )


def _apply_once(
    context: WriteContext, household: str, change: Callable[[], list[Event]]
) -> Response:
    """Make a change once, after checking that the caller may know of the household."""

    def apply_change() -> ProposalChangeResult:
        municipality = get_household_state(context.store, household).municipality
        if not in_scope(context.principal, municipality):
            raise UnknownHouseholdError(f"household {household} is not in the store")
        return build_change_result(context.store, change(), context.today)

    return context.apply_once(apply_change)
