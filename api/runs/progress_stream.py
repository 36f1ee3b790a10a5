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

from api.access.disclosure import discloses_none
from api.access.guard import allow
from api.access.principal import Principal
from api.dependencies import SettingsDep, StoreDep
from api.problems import ITEM_ERRORS
from api.runs.endpoints import RUN_READERS, RunIdPath
from matcher.store import runs
from matcher.store.runs import Run
from matcher.store.store import Store

router = APIRouter(prefix="/api/v1/runs", tags=["runs"])
PING_SECONDS = 15
"""Seconds without an event until a comment is sent, so that no proxy closes the connection."""
EVENT_SCHEMA = {
    "type": "object",
    "description": "One event: its number, the run's status, and its progress as JSON.",
    "properties": {name: {"type": "string"} for name in ("id", "event", "data")},
}
STREAM_RESPONSE = {"content": {"text/event-stream": {"schema": EVENT_SCHEMA}}}
LastEventId = Annotated[
    str | None,
    Header(max_length=64, description="Number of the last event that was seen, after a break."),
]


@router.get(
    "/{run}/progress",
    response_class=Response,
    responses={
        200: STREAM_RESPONSE,
        204: {"description": "The run is over, and its end was seen."},
        **ITEM_ERRORS,
    },
    dependencies=[discloses_none("steps and counts")],
)
async def stream_run_progress(
    run: RunIdPath,
    store: StoreDep,
    settings: SettingsDep,
    last_event_id: LastEventId = None,
    principal: Principal = allow(*RUN_READERS),
) -> Response:
    """Stream the progress of a run: an event for each change, the last one when the run is over.

    The name of each event is the run's status, and its data are the progress. A browser that lost
    the connection sends the number of the last event it received, and gets what is newer.
    """
    first = await run_in_threadpool(runs.get_run, store, run)
    if first.status.is_final and _event_id(first) == last_event_id:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    events = _events(store, first, last_event_id, settings.poll_seconds)
    return EventSourceResponse(events, ping=PING_SECONDS)


async def _events(
    store: Store, run: Run, last_sent: str | None, poll_seconds: float
) -> AsyncIterator[ServerSentEvent]:
    while True:
        event_id = _event_id(run)
        if event_id != last_sent:
            last_sent = event_id
            yield ServerSentEvent(_data(run), event=str(run.status), id=event_id)
        if run.status.is_final:
            return
        await asyncio.sleep(poll_seconds)
        run = await run_in_threadpool(runs.get_run, store, run.id)


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
