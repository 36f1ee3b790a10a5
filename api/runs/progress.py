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
"""Seconds without an event until a comment is sent, so that no proxy closes the connection."""
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
    """Stream the progress of a run: an event for each change, the last one when the run is over.

    The name of each event is the run's status, and its data are the progress. A browser that lost
    the connection sends the number of the last event it received, and gets what is newer.
    """
    first = await run_in_threadpool(runs.run, store, run)
    if first.status.over and _event_id(first) == last_event_id:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    events = _events(store, first, last_event_id, settings.poll_seconds)
    return EventSourceResponse(events, ping=QUIET_SECONDS)


async def _events(
    store: Store, run: Run, last_sent: str | None, poll_seconds: float
) -> AsyncIterator[ServerSentEvent]:
    while True:
        event_id = _event_id(run)
        if event_id != last_sent:
            last_sent = event_id
            yield ServerSentEvent(_data(run), event=str(run.status), id=event_id)
        if run.status.over:
            return
        await asyncio.sleep(poll_seconds)
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


def _event_id(run: Run) -> str:
    """Return the number of an event: the same for the same state, in every process."""
    return sha256(_data(run).encode()).hexdigest()[:16]
