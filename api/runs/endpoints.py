"""Runs: started, listed, followed, cancelled; what they left, and two side by side."""

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
    Path(max_length=40, pattern=r"^[a-z0-9-]+$", description="The run.",
         examples=["night-2026-11-22-1"]),
]  # fmt: skip
OutputName = Annotated[
    str, Path(max_length=40, pattern=r"^[a-z0-9._-]+$", description="As the run lists it.")
]
NO_HOUSEHOLD = shows_none("states and counts of runs")


@router.post(
    "", status_code=HTTPStatus.ACCEPTED, response_model=RunShown, responses=LISTED,
    dependencies=[NO_HOUSEHOLD],
)  # fmt: skip
def start(
    asked: NightAsked,
    store: StoreHere,
    now: Now,
    once: OnceHere,
    who: Principal = allow(Role.OPERATOR, Role.POLICY_OWNER),
) -> Response:
    """Ask for a plan of the whole queue; a worker takes it when it is free."""
    named = asked.policy
    policy = policy_in_force(store)[0] if named is None else Policy.named(named)
    question = Question(policy, asked.seconds, asked.gap / 100, asked.seed)

    def made() -> RunShown:
        run = ask_night(store, question, day=asked.day or now.date(), at=now, asked_by=who.id)
        return RunShown(**shown(run, whole=True))

    return once(made, HTTPStatus.ACCEPTED)


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
    """List runs, the one asked for last first."""
    place = place_of(after, 1)
    found = runs.runs(store, kind, limit + 1, None if place is None else place[0])
    return RunPage(
        items=[RunShown(**shown(run, sees_question(who, run))) for run in found[:limit]],
        next=cursor(found[limit - 1].id) if len(found) > limit else None,
    )


@router.get("/{run}", responses=FOUND, dependencies=[NO_HOUSEHOLD])
def one(run: RunPath, store: StoreHere, who: Principal = allow(*READERS)) -> RunWhole:
    """Show a run with what it has left so far."""
    found = runs.run(store, run)
    left = [OutputShown.of(output) for output in runs.outputs(store, run)]
    return RunWhole(**shown(found, sees_question(who, found)), outputs=left)


@router.post(
    "/{run}/cancel", status_code=HTTPStatus.ACCEPTED, responses=FOUND | CONFLICT,
    dependencies=[NO_HOUSEHOLD],
)  # fmt: skip
def cancel(run: RunPath, store: StoreHere, now: Now, who: Principal = allow(*READERS)) -> RunShown:
    """Cancel a run: an operator, a policy owner, or who asked for it. Its solver stops soon."""
    with store.writing():
        found = runs.run(store, run)
        may = who.roles & {Role.OPERATOR, Role.POLICY_OWNER} or found.asked_by == who.id
        if not may:
            raise RefusedError(
                HTTPStatus.FORBIDDEN,
                "this takes the role operator or policy owner, or your own run",
            )
        if found.status.over:
            raise RefusedError(
                HTTPStatus.CONFLICT, f"run {run} is {found.status}: there is nothing to cancel"
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
    """Give what a run left, byte for byte; its hash is the ETag."""
    found = output_for(store, who, run, name)
    if name in AGGREGATED:
        told((), output=name)
    else:
        told.everyone(output=name)
    headers = {"ETag": f'"{found.hash}"', "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(found.body, headers=headers, media_type=found.media_type)


@router.get("/{run}/compare/{other}", responses=FOUND)
def compare(
    run: RunPath,
    other: Annotated[RunPath, Path(description="The second run.")],
    store: StoreHere,
    who: Principal = allow(*READERS),
    told: Shown = shows(),
) -> Compared:
    """Compare two runs: what each brings by its own policy, and who is placed elsewhere."""
    answer = compared(store, who, run, other)
    if sees_households(who):
        told((move.household for move in answer.changes or ()), other=other)
    else:
        told((), other=other)
    return answer
