"""Endpoints that start, list, show, cancel and compare runs, and return their outputs."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.access import Principal, Role, Shown, allow, shows, shows_none
from api.answers import FOUND, LISTED
from api.context import Now, StoreHere
from api.cursors import After, Limit, cursor, place_of
from api.once import OnceHere
from api.problems import RefusedError, responses
from api.runs.schemas import Compared, NightAsked, OutputShown, RunPage, RunShown, RunWhole, shown
from api.runs.service import AGGREGATED, compared, output_for, sees_households, sees_question
from matcher.batch import Question, ask_night
from matcher.policy import Policy
from matcher.store.database import runs
from matcher.working.in_force import policy_in_force

router = APIRouter(prefix="/api/v1/runs", tags=["runs"])
READERS = (Role.CASEWORKER, Role.POLICY_OWNER, Role.OPERATOR, Role.AUDITOR)
CONFLICT = responses(HTTPStatus.CONFLICT)
RunPath = Annotated[
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
NO_HOUSEHOLD = shows_none("states and counts of runs")


@router.post(
    "",
    status_code=HTTPStatus.ACCEPTED,
    response_model=RunShown,
    responses=LISTED,
    dependencies=[NO_HOUSEHOLD],
)
def start(
    asked: NightAsked,
    store: StoreHere,
    now: Now,
    once: OnceHere,
    who: Principal = allow(Role.OPERATOR, Role.POLICY_OWNER),
) -> Response:
    """Start a plan of the whole queue; a worker takes the run when the worker is free."""
    name = asked.policy
    policy = policy_in_force(store)[0] if name is None else Policy.named(name)
    question = Question(policy, asked.seconds, asked.gap / 100, asked.seed)

    def enqueue_run() -> RunShown:
        run = ask_night(store, question, day=asked.day or now.date(), at=now, asked_by=who.id)
        return RunShown(**shown(run, whole=True))

    return once(enqueue_run, HTTPStatus.ACCEPTED)


@router.get("", responses=LISTED, dependencies=[NO_HOUSEHOLD])
def listed(
    store: StoreHere,
    who: Principal = allow(*READERS),
    kind: Annotated[
        str | None, Query(max_length=20, pattern="^[a-z-]+$", description="Only of this kind.")
    ] = None,
    after: After = None,
    limit: Limit = 50,
) -> RunPage:
    """List runs, the latest request first."""
    place = place_of(after, 1)
    rows = runs.runs(store, kind, limit + 1, None if place is None else place[0])
    return RunPage(
        items=[RunShown(**shown(run, sees_question(who, run))) for run in rows[:limit]],
        next=cursor(rows[limit - 1].id) if len(rows) > limit else None,
    )


@router.get("/{run}", responses=FOUND, dependencies=[NO_HOUSEHOLD])
def one(run: RunPath, store: StoreHere, who: Principal = allow(*READERS)) -> RunWhole:
    """Show a run with its outputs so far."""
    record = runs.run(store, run)
    outputs = [OutputShown.of(output) for output in runs.outputs(store, run)]
    return RunWhole(**shown(record, sees_question(who, record)), outputs=outputs)


@router.post(
    "/{run}/cancel",
    status_code=HTTPStatus.ACCEPTED,
    responses=FOUND | CONFLICT,
    dependencies=[NO_HOUSEHOLD],
)
def cancel(run: RunPath, store: StoreHere, now: Now, who: Principal = allow(*READERS)) -> RunShown:
    """Cancel a run; an operator, a policy owner or the requester may. Its solver stops soon."""
    with store.writing():
        record = runs.run(store, run)
        allowed = who.roles & {Role.OPERATOR, Role.POLICY_OWNER} or record.asked_by == who.id
        if not allowed:
            raise RefusedError(
                HTTPStatus.FORBIDDEN,
                "this takes the role operator or policy owner, or your own run",
            )
        if record.status.over:
            raise RefusedError(
                HTTPStatus.CONFLICT, f"run {run} is {record.status}: there is nothing to cancel"
            )
        cancelled = runs.ask_cancel(store, run, at=now)
    return RunShown(**shown(cancelled, sees_question(who, cancelled)))


@router.get(
    "/{run}/outputs/{name}",
    response_class=Response,
    responses={200: {"content": {"*/*": {"schema": {"type": "string"}}}}, **FOUND},
)
def output(
    run: RunPath,
    name: OutputName,
    store: StoreHere,
    who: Principal = allow(*READERS),
    told: Shown = shows(),
) -> Response:
    """Return an output of a run, byte for byte; its hash is the ETag."""
    stored = output_for(store, who, run, name)
    if name in AGGREGATED:
        told((), output=name)
    else:
        told.everyone(output=name)
    headers = {"ETag": f'"{stored.hash}"', "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(stored.body, headers=headers, media_type=stored.media_type)


@router.get("/{run}/compare/{other}", responses=FOUND)
def compare(
    run: RunPath,
    other: Annotated[RunPath, Path(description="The second run.")],
    store: StoreHere,
    who: Principal = allow(*READERS),
    told: Shown = shows(),
) -> Compared:
    """Compare two runs: what each brings by its own policy, and which households are moved."""
    comparison = compared(store, who, run, other)
    if sees_households(who):
        told((move.household for move in comparison.changes or ()), other=other)
    else:
        told((), other=other)
    return comparison
