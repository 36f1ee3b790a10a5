"""Audit of requests: what a request reads or changes is recorded before its response is sent."""

import asyncio
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from http import HTTPStatus
from typing import Any

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.principal import Principal
from api.problems import RefusedError, problem
from matcher.logs import get_logger
from matcher.roles import NUMBER
from matcher.store.database.audit_rows import EVERYONE, Entry
from matcher.store.database.audit_writer import AuditWriter

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""HTTP methods that change nothing."""
HOUSEHOLD, MUNICIPALITY = "household", "municipality"
"""Names of the path parameters that identify a household and a municipality."""
LONGEST = 200
"""Characters of a path parameter that are recorded, at most."""
SHORT = "/api/v1"
"""Beginning of most paths, left out in the audit log."""
UNAVAILABLE = (
    "the audit log cannot be written, and nothing is shown or changed without it; try again"
)

log = get_logger(__name__)


class Trail:
    """Audit entries of one request."""

    def __init__(self) -> None:
        self.told: list[Entry] = []
        self.futures: list[Future[None]] = []
        self.owes = False
        """The endpoint must still record which households its response shows before it succeeds."""


def trail_of(request: Request) -> Trail:
    """Return the audit entries of a request so far."""
    trail: Trail = request.state.trail
    return trail


def note(
    request: Request,
    who: Principal,
    *,
    household: str | None = None,
    municipality: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Future[None]:
    """Submit an audit entry; the response waits until the entry is durable."""
    app, trail = request.app, trail_of(request)
    path = request.scope["route"].path.removeprefix(SHORT)
    entry = Entry(
        app.state.clock(),
        who.id,
        f"{request.method} {path}",
        request.state.request_id,
        household,
        municipality,
        facts or {},
    )
    writer: AuditWriter = app.state.audit_writer
    future = writer.submit([entry])
    trail.told.append(entry)
    trail.futures.append(future)
    return future


def note_path(request: Request, who: Principal) -> None:
    """Submit an audit entry for a household in the path, or for any change.

    A change waits until its entry is durable; a read continues meanwhile.
    """
    # The values in the path have not been checked yet.
    path = {name: str(value)[:LONGEST] for name, value in request.path_params.items()}
    household = path.pop(HOUSEHOLD, None)
    municipality = path.pop(MUNICIPALITY) if NUMBER.fullmatch(path.get(MUNICIPALITY, "")) else None
    changes = request.method not in SAFE
    if household is None and not changes:
        return
    future = note(request, who, household=household, municipality=municipality, facts=path)
    if changes:
        _wait(future)


def _wait(future: Future[None]) -> None:
    try:
        future.result()
    except Exception as error:
        raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, UNAVAILABLE) from error


class Shown:
    """Record in the audit log which households a response shows; call it before responding.

    Parameters
    ----------
    request : Request
        The request that is answered.
    """

    def __init__(self, request: Request) -> None:
        self._request = request

    def __call__(self, households: Iterable[str], **facts: Any) -> None:
        """Record the identifiers of the households that the response shows; there may be none."""
        self._note({**facts, "households": list(households)})

    def everyone(self, **facts: Any) -> None:
        """Record that the response shows all households, as a whole plan does."""
        self._note({**facts, "households": EVERYONE})

    def _note(self, facts: Mapping[str, Any]) -> None:
        number = str(self._request.path_params.get(MUNICIPALITY))
        municipality = number if NUMBER.fullmatch(number) else None
        who: Principal = self._request.state.principal
        note(self._request, who, municipality=municipality, facts=facts)
        trail_of(self._request).owes = False


class AuditGate:
    """Send a response only once its audit entries are durable, and 503 if they cannot be written.

    Parameters
    ----------
    app : ASGI application
        The next application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        trail = scope["state"]["trail"] = Trail()
        blocked = False

        async def send_when_recorded(message: Message) -> None:
            nonlocal blocked
            if message["type"] == "http.response.start":
                blocked = not await _is_recorded(scope, trail, message["status"])
                if blocked:
                    await _unavailable(scope)(scope, receive, send)
            if not blocked:
                await send(message)

        await self.app(scope, receive, send_when_recorded)


async def _is_recorded(scope: Scope, trail: Trail, status: int) -> bool:
    """Wait for the audit entries; return whether all are durable, so that the response may go."""
    try:
        if trail.owes and status < HTTPStatus.MULTIPLE_CHOICES:
            raise RuntimeError("the endpoint has not said whom its answer shows")
        if trail.told and status >= HTTPStatus.BAD_REQUEST:
            trail.futures.append(_submit_refusal(scope, trail.told[0], status))
        for future in trail.futures:
            await asyncio.wrap_future(future)
    except Exception:
        log.exception("audit log not written", request=_request_id(scope))
        return False
    return True


def _submit_refusal(scope: Scope, first: Entry, status: int) -> Future[None]:
    """Submit an audit entry that says that the request was refused or failed."""
    app = scope["app"]
    entry = Entry(
        app.state.clock(),
        first.actor,
        first.action,
        first.request,
        first.household,
        first.municipality,
        {"status": status},
    )
    future: Future[None] = app.state.audit_writer.submit([entry])
    return future


def _request_id(scope: Scope) -> str:
    return str(scope["state"].get("request_id", ""))


def _unavailable(scope: Scope) -> ASGIApp:
    return problem(Request(scope), HTTPStatus.SERVICE_UNAVAILABLE, UNAVAILABLE)
