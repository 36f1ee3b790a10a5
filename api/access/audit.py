"""Audit of requests: what a request reads or changes is recorded before its response is sent."""

import asyncio
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from http import HTTPStatus
from typing import Any

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.principal import Principal
from api.problems import RefusedError, problem_response
from matcher.domain.roles import MUNICIPALITY_NUMBER
from matcher.logs import get_logger
from matcher.store.service.audit_chain import ALL_HOUSEHOLDS, AuditRecord
from matcher.store.service.audit_writer import AuditWriter

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""HTTP methods that change nothing."""
HOUSEHOLD_PARAM, MUNICIPALITY_PARAM = "household", "municipality"
"""Names of the path parameters that identify a household and a municipality."""
MAX_PATH_PART = 200
"""Characters of a path parameter that are recorded, at most."""
API_PREFIX = "/api/v1"
"""Beginning of most paths, left out in the audit log."""
AUDIT_UNAVAILABLE = (
    "the audit log cannot be written, and nothing is shown or changed without it; try again"
)

log = get_logger(__name__)


class RequestAudit:
    """Audit entries of one request."""

    def __init__(self) -> None:
        self.entries: list[AuditRecord] = []
        self.futures: list[Future[None]] = []
        self.disclosure_due = False
        """The endpoint must still record which households its response shows before it succeeds."""


def request_audit(request: Request) -> RequestAudit:
    """Return the audit entries of a request so far."""
    trail: RequestAudit = request.state.trail
    return trail


def record_entry(
    request: Request,
    principal: Principal,
    *,
    household: str | None = None,
    municipality: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Future[None]:
    """Submit an audit entry; the response waits until the entry is durable."""
    app, trail = request.app, request_audit(request)
    path = request.scope["route"].path.removeprefix(API_PREFIX)
    entry = AuditRecord(
        app.state.clock(),
        principal.id,
        f"{request.method} {path}",
        request.state.request_id,
        household,
        municipality,
        facts or {},
    )
    writer: AuditWriter = app.state.audit_writer
    future = writer.submit([entry])
    trail.entries.append(entry)
    trail.futures.append(future)
    return future


def record_path(request: Request, principal: Principal) -> None:
    """Submit an audit entry for a household in the path, or for any change.

    A change waits until its entry is durable; a read continues meanwhile.
    """
    # The values in the path have not been checked yet.
    path = {name: str(value)[:MAX_PATH_PART] for name, value in request.path_params.items()}
    household = path.pop(HOUSEHOLD_PARAM, None)
    municipality = (
        path.pop(MUNICIPALITY_PARAM)
        if MUNICIPALITY_NUMBER.fullmatch(path.get(MUNICIPALITY_PARAM, ""))
        else None
    )
    changes = request.method not in SAFE_METHODS
    if household is None and not changes:
        return
    future = record_entry(
        request, principal, household=household, municipality=municipality, facts=path
    )
    if changes:
        _wait(future)


def _wait(future: Future[None]) -> None:
    try:
        future.result()
    except Exception as error:
        raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, AUDIT_UNAVAILABLE) from error


class DisclosureRecorder:
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

    def all_households(self, **facts: Any) -> None:
        """Record that the response shows all households, as a whole plan does."""
        self._note({**facts, "households": ALL_HOUSEHOLDS})

    def _note(self, facts: Mapping[str, Any]) -> None:
        number = str(self._request.path_params.get(MUNICIPALITY_PARAM))
        municipality = number if MUNICIPALITY_NUMBER.fullmatch(number) else None
        who: Principal = self._request.state.principal
        record_entry(self._request, who, municipality=municipality, facts=facts)
        request_audit(self._request).disclosure_due = False


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
        trail = scope["state"]["trail"] = RequestAudit()
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


async def _is_recorded(scope: Scope, trail: RequestAudit, status: int) -> bool:
    """Wait for the audit entries; return whether all are durable, so that the response may go."""
    try:
        if trail.disclosure_due and status < HTTPStatus.MULTIPLE_CHOICES:
            raise RuntimeError("the endpoint has not said whom its answer shows")
        if trail.entries and status >= HTTPStatus.BAD_REQUEST:
            trail.futures.append(_submit_refusal(scope, trail.entries[0], status))
        for future in trail.futures:
            await asyncio.wrap_future(future)
    except Exception:
        log.exception("audit log not written", request=_request_id(scope))
        return False
    return True


def _submit_refusal(scope: Scope, first: AuditRecord, status: int) -> Future[None]:
    """Submit an audit entry that says that the request was refused or failed."""
    app = scope["app"]
    entry = AuditRecord(
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
    return problem_response(Request(scope), HTTPStatus.SERVICE_UNAVAILABLE, AUDIT_UNAVAILABLE)
