"""Endpoints of proposals: a caseworker proposes, a municipality answers, households settle."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.access import Principal, Role, Shown, allow, shows
from api.access.own import sees
from api.answers import CHANGED, LISTED
from api.context import Now, SettingsHere, StoreHere
from api.cursors import After, Limit, cursor, place_of
from api.deeds import Deed, deed_of
from api.once import OnceHere
from api.problems import RefusedError
from api.proposals.schemas import (
    Acceptance,
    Lapsed,
    MovedIn,
    NewProposal,
    ProposalChange,
    ProposalPage,
    Refusal,
    Silence,
)
from api.proposals.service import proposal, proposal_change
from api.proposals.tracing import TracerHere, traced
from api.words import Day, HouseholdPath, MunicipalityNumber
from matcher.errors import UnknownHouseholdError
from matcher.store.database import (
    Event,
    decline,
    household_state,
    lapse,
    lapse_overdue,
    promise,
    propose,
    proposed_now,
    settle,
)

router = APIRouter(prefix="/api/v1/proposals", tags=["proposals"])


@router.get("", responses=LISTED)
def proposals(
    store: StoreHere,
    now: Now,
    who: Principal = allow(Role.CASEWORKER, Role.MUNICIPALITY),
    municipality: Annotated[
        MunicipalityNumber | None, Query(description="To one municipality.")
    ] = None,
    answer_by: Annotated[
        Day | None, Query(description="To be answered by this day or before.")
    ] = None,
    after: After = None,
    limit: Limit = 100,
    shown: Shown = shows(),
) -> ProposalPage:
    """List open proposals; those to be answered first come first.

    Municipal users see proposals to their municipality. Overdue proposals are marked; they lapse
    only when a person lets them lapse.
    """
    place = place_of(after, 2)
    visible = who.municipality or municipality
    rows = [
        (str(h.state.answer_by), h.state.id, h)
        for h in (proposed_now(store, visible) if municipality in (None, visible) else [])
        if answer_by is None or (h.state.answer_by or answer_by) <= answer_by
    ]
    remaining = [row for row in rows if place is None or row[:2] > place]
    page = remaining[:limit]
    shown(household.state.id for _, _, household in page)
    return ProposalPage(
        items=[proposal(household, now.date()) for _, _, household in page],
        next=cursor(*page[-1][:2]) if len(remaining) > limit else None,
    )


@router.post("", status_code=HTTPStatus.CREATED, response_model=ProposalChange, responses=CHANGED)
def make(
    body: NewProposal,
    settings: SettingsHere,
    tracer: TracerHere,
    deed: Deed = deed_of(Role.CASEWORKER),
) -> Response:
    """Propose a household, with those linked to it, to a municipality.

    What the service shows at this moment is stored with the proposal, see decisions.
    """
    answer_by = body.answer_by or deed.today + timedelta(days=settings.answer_days)
    if answer_by < deed.today:
        raise RefusedError(
            HTTPStatus.UNPROCESSABLE_ENTITY, f"answer_by is {answer_by}: give today or a later day"
        )
    trace = traced(tracer, body.household, body.municipality, deed.today)

    def record_proposal() -> ProposalChange:
        events = propose(
            deed.store,
            body.household,
            body.municipality,
            answer_by=answer_by,
            trace=trace,
            overriding=body.reason is not None,
            **deed.by(body.reason or "as suggested"),
        )
        return proposal_change(deed.store, events, deed.today)

    return deed.once(record_proposal, HTTPStatus.CREATED)


@router.post("/lapse", response_model=Lapsed, responses=LISTED)
def let_all_lapse(
    body: Silence,
    store: StoreHere,
    now: Now,
    once: OnceHere,
    who: Principal = allow(Role.CASEWORKER, Role.OPERATOR),
) -> Response:
    """Let every proposal lapse whose last day to answer has passed.

    Proposals are selected at this moment: one that has been answered meanwhile does not lapse.
    """

    def record_lapses() -> Lapsed:
        events = lapse_overdue(store, at=now, actor=who.id, reason=body.reason)
        names = dict.fromkeys(str(event.household) for event in events)
        return Lapsed(households=list(names), answer_by=now.date() - timedelta(days=1))

    return once(record_lapses)


@router.post("/{household}/accept", response_model=ProposalChange, responses=CHANGED)
def accept(
    household: HouseholdPath,
    body: Acceptance,
    deed: Deed = deed_of(Role.CASEWORKER, Role.MUNICIPALITY),
) -> Response:
    """Record a municipality's yes, which uses places and, if one is named, a dwelling."""
    store, by = deed.store, deed.by(body.reason)
    return _apply_once(
        deed, household, lambda: promise(store, household, dwelling=body.dwelling, **by)
    )


@router.post("/{household}/decline", response_model=ProposalChange, responses=CHANGED)
def say_no(
    household: HouseholdPath,
    body: Refusal,
    deed: Deed = deed_of(Role.CASEWORKER, Role.MUNICIPALITY),
) -> Response:
    """Record a municipality's no; the household is ready again, and not proposed there again."""
    store, by = deed.store, deed.by(body.reason)
    return _apply_once(deed, household, lambda: decline(store, household, **by))


@router.post("/{household}/lapse", response_model=ProposalChange, responses=CHANGED)
def let_lapse(
    household: HouseholdPath,
    body: Silence,
    deed: Deed = deed_of(Role.CASEWORKER),
) -> Response:
    """Record that no answer came in time; the household is ready again."""
    store, by = deed.store, deed.by(body.reason)
    return _apply_once(deed, household, lambda: lapse(store, household, **by))


@router.post("/{household}/settle", response_model=ProposalChange, responses=CHANGED)
def moved_in(
    household: HouseholdPath,
    body: MovedIn,
    deed: Deed = deed_of(Role.CASEWORKER, Role.MUNICIPALITY),
) -> Response:
    """Record that a promised household has moved in."""
    store, by = deed.store, deed.by(body.reason)
    return _apply_once(deed, household, lambda: settle(store, household, **by))


def _apply_once(deed: Deed, household: str, change: Callable[[], list[Event]]) -> Response:
    """Make a change once, after checking that the caller may know of the household."""

    def apply_change() -> ProposalChange:
        if not sees(deed.who, household_state(deed.store, household).municipality):
            raise UnknownHouseholdError(f"household {household} is not in the store")
        return proposal_change(deed.store, change(), deed.today)

    return deed.once(apply_change)
