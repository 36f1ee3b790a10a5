"""Endpoints that start, list, show, cancel and compare runs, and return their outputs."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.access.disclosure import Disclosure, discloses, discloses_none
from api.access.guard import allow
from api.access.principal import Principal
from api.dependencies import NowDep, StoreDep
from api.params import AfterCursor, PageLimit, decode_cursor, encode_cursor
from api.problems import ITEM_ERRORS, LIST_ERRORS, RefusedError, problem_responses
from api.runs.schemas import (
    RunComparison,
    RunDetail,
    RunOutput,
    RunPage,
    RunSummary,
    StartNightRequest,
    run_fields,
)
from api.runs.service import (
    AGGREGATE_OUTPUTS,
    build_comparison,
    may_see_request,
    visible_output,
)
from api.writes import IdempotentWriterDep
from matcher.domain.roles import Role
from matcher.jobs.in_force import policy_in_force
from matcher.jobs.night import NightParameters, enqueue_night
from matcher.policy.policy import Policy
from matcher.store import runs

router = APIRouter(prefix="/api/v1/runs", tags=["runs"])
RUN_READERS = (Role.CASEWORKER, Role.POLICY_OWNER, Role.OPERATOR, Role.AUDITOR)
CONFLICT_ERRORS = problem_responses(HTTPStatus.CONFLICT)
RunIdPath = Annotated[
    str,
    Path(
        max_length=40,
        pattern=r"^[a-z0-9-]+$",
        description="The run.",
        examples=["night-2026-11-22-1"],
    ),
]
OutputName = Annotated[
    str, Path(max_length=40, pattern=r"^[a-z0-9._-]+$", description="As the run lists it.")
]
DISCLOSES_NO_HOUSEHOLD = discloses_none("states and counts of runs")


@router.post(
    "",
    status_code=HTTPStatus.ACCEPTED,
    response_model=RunSummary,
    responses=LIST_ERRORS,
    dependencies=[DISCLOSES_NO_HOUSEHOLD],
)
def start_run(
    body: StartNightRequest,
    store: StoreDep,
    at: NowDep,
    apply_once: IdempotentWriterDep,
    principal: Principal = allow(Role.OPERATOR, Role.POLICY_OWNER),
) -> Response:
    """Start a plan of the whole queue; a worker takes the run when the worker is free."""
    name = body.policy
    policy = policy_in_force(store)[0] if name is None else Policy.named(name)
    question = NightParameters(policy, body.seconds, body.gap / 100, body.seed)

    def enqueue_run() -> RunSummary:
        run = enqueue_night(
            store, question, day=body.day or at.date(), at=at, asked_by=principal.id
        )
        return RunSummary(**run_fields(run, detailed=True))

    return apply_once(enqueue_run, HTTPStatus.ACCEPTED)


@router.get("", responses=LIST_ERRORS, dependencies=[DISCLOSES_NO_HOUSEHOLD])
def list_runs(
    store: StoreDep,
    principal: Principal = allow(*RUN_READERS),
    kind: Annotated[
        str | None, Query(max_length=20, pattern="^[a-z-]+$", description="Only of this kind.")
    ] = None,
    after: AfterCursor = None,
    limit: PageLimit = 50,
) -> RunPage:
    """List runs, the latest request first."""
    place = decode_cursor(after, 1)
    rows = runs.list_runs(store, kind, limit + 1, None if place is None else place[0])
    return RunPage(
        items=[
            RunSummary(**run_fields(run, may_see_request(principal, run))) for run in rows[:limit]
        ],
        next=encode_cursor(rows[limit - 1].id) if len(rows) > limit else None,
    )


@router.get("/{run}", responses=ITEM_ERRORS, dependencies=[DISCLOSES_NO_HOUSEHOLD])
def get_run(
    run: RunIdPath, store: StoreDep, principal: Principal = allow(*RUN_READERS)
) -> RunDetail:
    """Show a run with its outputs so far."""
    record = runs.get_run(store, run)
    outputs = [RunOutput.from_output(output) for output in runs.list_outputs(store, run)]
    return RunDetail(**run_fields(record, may_see_request(principal, record)), outputs=outputs)


@router.post(
    "/{run}/cancel",
    status_code=HTTPStatus.ACCEPTED,
    responses=ITEM_ERRORS | CONFLICT_ERRORS,
    dependencies=[DISCLOSES_NO_HOUSEHOLD],
)
def cancel_run(
    run: RunIdPath, store: StoreDep, at: NowDep, principal: Principal = allow(*RUN_READERS)
) -> RunSummary:
    """Cancel a run; an operator, a policy owner or the requester may. Its solver stops soon."""
    with store.unit_of_work():
        record = runs.get_run(store, run)
        allowed = (
            principal.roles & {Role.OPERATOR, Role.POLICY_OWNER} or record.asked_by == principal.id
        )
        if not allowed:
            raise RefusedError(
                HTTPStatus.FORBIDDEN,
                "this takes the role operator or policy owner, or your own run",
            )
        if record.status.is_final:
            raise RefusedError(
                HTTPStatus.CONFLICT, f"run {run} is {record.status}: there is nothing to cancel"
            )
        cancelled = runs.request_cancellation(store, run, at=at)
    return RunSummary(**run_fields(cancelled, may_see_request(principal, cancelled)))


@router.get(
    "/{run}/outputs/{name}",
    response_class=Response,
    responses={200: {"content": {"*/*": {"schema": {"type": "string"}}}}, **ITEM_ERRORS},
)
def get_run_output(
    run: RunIdPath,
    name: OutputName,
    store: StoreDep,
    principal: Principal = allow(*RUN_READERS),
    disclosure: Disclosure = discloses(),
) -> Response:
    """Return an output of a run, byte for byte; its hash is the ETag."""
    stored = visible_output(store, principal, run, name)
    if name in AGGREGATE_OUTPUTS:
        disclosure.record((), output=name)
    else:
        disclosure.record_all(output=name)
    headers = {"ETag": f'"{stored.hash}"', "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(stored.body, headers=headers, media_type=stored.media_type)


@router.get("/{run}/compare/{other}", responses=ITEM_ERRORS)
def compare_runs(
    run: RunIdPath,
    other: Annotated[RunIdPath, Path(description="The second run.")],
    store: StoreDep,
    principal: Principal = allow(*RUN_READERS),
    disclosure: Disclosure = discloses(),
) -> RunComparison:
    """Compare two runs: what each brings by its own policy, and which households are moved."""
    comparison = build_comparison(store, principal, run, other)
    disclosure.record(comparison, other=other)
    return comparison
