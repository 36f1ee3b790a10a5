"""Endpoints that change a household: facts, pins, bans, withdrawal, undoing, erasing."""

from collections.abc import Callable, Sequence

from fastapi import APIRouter, Response

from api.events import event_records
from api.households.schemas import (
    BanHouseholdRequest,
    HouseholdChangeResult,
    HouseholdErasure,
    HouseholdWarning,
    PinHouseholdRequest,
    ReasonRequest,
    UpdateHouseholdRequest,
)
from api.households.service import describe_household, updated_household
from api.households.warnings import recorded_warnings, rule_warnings
from api.params import HouseholdPath
from api.problems import CHANGE_ERRORS, REPLACE_ERRORS
from api.tracing import TracerDep, trace_or_empty
from api.writes import IfMatch, WriteContext, allow_write, required_version
from matcher.domain.roles import Role
from matcher.store.current import get_household, get_household_state
from matcher.store.erasure import erase_households
from matcher.store.events import Event
from matcher.store.pins_and_bans import (
    ban,
    get_filed_household,
    pin,
    revise_household,
    unban,
    unpin,
)
from matcher.store.transitions import withdraw
from matcher.store.undoing import undo

router = APIRouter(prefix="/api/v1/households/{household}", tags=["households"])


@router.patch("", response_model=HouseholdChangeResult, responses=REPLACE_ERRORS)
def update_household(
    household: HouseholdPath,
    body: UpdateHouseholdRequest,
    if_match: IfMatch = None,
    context: WriteContext = allow_write(Role.CASEWORKER),
) -> Response:
    """Record new facts of a household and its members; a fact that is left out stays as it is."""
    required_version(if_match)

    def record_facts() -> list[Event]:
        before = get_filed_household(context.store, household)
        facts = updated_household(context.store, before, body, context.today)
        return [revise_household(context.store, facts, context.stamp(body.reason))]

    return _apply_once(context, household, record_facts)


@router.post("/pin", response_model=HouseholdChangeResult, responses=CHANGE_ERRORS)
def pin_household(
    household: HouseholdPath,
    body: PinHouseholdRequest,
    tracer: TracerDep,
    context: WriteContext = allow_write(Role.CASEWORKER),
) -> Response:
    """Pin a household to a municipality: nights place it there and nowhere else.

    A pin against a rule that keeps people from harm is refused; where another rule refuses the
    municipality, the answer says so, and nights leave the household unplaced until one gives way.
    """
    store, stamp = context.store, context.stamp(body.reason)
    warnings = rule_warnings(
        household, trace_or_empty(tracer, household, body.municipality, context.today)
    )
    return _apply_once(
        context, household, lambda: [pin(store, household, body.municipality, stamp)], warnings
    )


@router.post("/unpin", response_model=HouseholdChangeResult, responses=CHANGE_ERRORS)
def unpin_household(
    household: HouseholdPath,
    body: ReasonRequest,
    context: WriteContext = allow_write(Role.CASEWORKER),
) -> Response:
    """Remove the pin of a household."""
    store, stamp = context.store, context.stamp(body.reason)
    return _apply_once(context, household, lambda: [unpin(store, household, stamp)])


@router.post("/ban", response_model=HouseholdChangeResult, responses=CHANGE_ERRORS)
def ban_municipality(
    household: HouseholdPath,
    body: BanHouseholdRequest,
    context: WriteContext = allow_write(Role.CASEWORKER),
) -> Response:
    """Rule a municipality out for a household."""
    store, stamp = context.store, context.stamp(body.reason)
    return _apply_once(
        context, household, lambda: [ban(store, household, body.municipality, body.why, stamp)]
    )


@router.post("/unban", response_model=HouseholdChangeResult, responses=CHANGE_ERRORS)
def unban_municipality(
    household: HouseholdPath,
    body: BanHouseholdRequest,
    context: WriteContext = allow_write(Role.CASEWORKER),
) -> Response:
    """Lift the ban of one kind from a municipality; bans of other kinds stay."""
    store, stamp = context.store, context.stamp(body.reason)
    return _apply_once(
        context, household, lambda: [unban(store, household, body.municipality, body.why, stamp)]
    )


@router.post("/withdraw", response_model=HouseholdChangeResult, responses=CHANGE_ERRORS)
def withdraw_household(
    household: HouseholdPath,
    body: ReasonRequest,
    context: WriteContext = allow_write(Role.CASEWORKER),
) -> Response:
    """Withdraw a household that is no longer to be settled; its promised places are open again."""
    store, stamp = context.store, context.stamp(body.reason)
    return _apply_once(context, household, lambda: withdraw(store, household, stamp))


@router.post("/undo", response_model=HouseholdChangeResult, responses=CHANGE_ERRORS)
def undo_household_change(
    household: HouseholdPath,
    body: ReasonRequest,
    context: WriteContext = allow_write(Role.CASEWORKER),
) -> Response:
    """Undo the latest change, if no later event depends on it; both events stay recorded."""
    store, stamp = context.store, context.stamp(body.reason)
    return _apply_once(context, household, lambda: undo(store, household, stamp))


@router.post("/erase", response_model=HouseholdErasure, responses=CHANGE_ERRORS)
def erase_household(
    household: HouseholdPath,
    body: ReasonRequest,
    context: WriteContext = allow_write(Role.OPERATOR),
) -> Response:
    """Erase the facts of a household that has settled or is withdrawn; events and places stay.

    The command `purge` overwrites the space on disk that this frees.
    """

    def erase_facts() -> HouseholdErasure:
        with context.store.unit_of_work() as work:
            # Refuse to erase if the household has changed since the caller read it.
            work.get_household_state(household, context.version)
            erased = erase_households(context.store, [household], context.stamp(body.reason))
        version = get_household_state(context.store, household).version
        return HouseholdErasure(
            contents=erased.payloads,
            outputs=erased.outputs,
            answers=erased.responses,
            version=version,
        )

    return context.apply_once(erase_facts)


def _apply_once(
    context: WriteContext,
    household: str,
    change: Callable[[], list[Event]],
    warnings: Sequence[HouseholdWarning] = (),
) -> Response:
    return context.apply_once(lambda: _change_result(context, household, change(), warnings))


def _change_result(
    context: WriteContext,
    household: str,
    events: list[Event],
    warnings: Sequence[HouseholdWarning],
) -> HouseholdChangeResult:
    names = dict.fromkeys(event.household or household for event in events)
    households = [
        describe_household(get_household(context.store, name), context.today) for name in names
    ]
    version = get_household(context.store, household).state.version
    return HouseholdChangeResult(
        households=households,
        warnings=[*warnings, *recorded_warnings(context.store, household, context.today)],
        events=event_records(events),
        version=version,
    )
