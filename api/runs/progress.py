"""A run followed as it goes: server-sent events until it is over."""

import asyncio
import json
from collections.abc import AsyncIterator
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Response
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from api.access import Principal, allow, shows_none
from api.answers import FOUND
from api.context import SettingsHere, StoreHere
from api.runs.endpoints import READERS, RunPath
from matcher.store.database import Store, runs
from matcher.store.database.runs import Run

router = APIRouter(prefix="/api/v1/runs", tags=["runs"])
QUIET_SECONDS = 15
"""After so long without news a comment is sent, so that nothing between closes the connection."""
EVENT = {
    "type": "object",
    "description": "One event: its number, the run's status, and its progress as JSON.",
    "properties": {name: {"type": "string"} for name in ("id", "event", "data")},
}
STREAM = {"content": {"text/event-stream": {"schema": EVENT}}}
LastSeen = Annotated[
    str | None,
    Header(max_length=64, description="Number of the last event that was seen, after a break."),
]


@router.get(
    "/{run}/progress",
    response_class=Response,
    responses={
        200: STREAM,
        204: {"description": "The run is over, and its end was seen."},
        **FOUND,
    },
    dependencies=[shows_none("steps and counts")],
)
async def progress(
    run: RunPath,
    store: StoreHere,
    settings: SettingsHere,
    last_event_id: LastSeen = None,
    who: Principal = allow(*READERS),
) -> Response:
    """Follow a run: an event whenever something changes, the last one when it is over.

    Each event is called as the run's status and holds its progress. A browser that lost the
    connection sends the number of the last event it saw, and gets what is new since.
    """
    first = await run_in_threadpool(runs.run, store, run)
    if first.status.over and _number(first) == last_event_id:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    news = _news(store, first, last_event_id, settings.poll_seconds)
    return EventSourceResponse(news, ping=QUIET_SECONDS)


async def _news(
    store: Store, run: Run, seen: str | None, every: float
) -> AsyncIterator[ServerSentEvent]:
    while True:
        if _number(run) != seen:
            seen = _number(run)
            yield ServerSentEvent(_data(run), event=str(run.status), id=seen)
        if run.status.over:
            return
        await asyncio.sleep(every)
        run = await run_in_threadpool(runs.run, store, run.id)


def _data(run: Run) -> str:
    facts = {
        "run": run.id,
        "status": str(run.status),
        "attempts": run.attempts,
        "cancel_asked": run.cancel_asked,
        "progress": dict(run.progress),
    }
    return json.dumps(facts, sort_keys=True)


def _number(run: Run) -> str:
    """Give the number of an event: the same for the same state, whichever process is asked."""
    return sha256(_data(run).encode()).hexdigest()[:16]
