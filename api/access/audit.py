"""Audit of requests: what a request reads or changes is recorded before its response is sent."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import Future
from http import HTTPStatus
from typing import Any

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.csrf import SAFE_METHODS
from api.access.principal import Principal
from api.problems import RefusedError, problem_response
from matcher.domain.roles import MUNICIPALITY_NUMBER
from matcher.logs import get_logger
from matcher.store.service.audit_chain import AuditRecord
from matcher.store.service.audit_log import AuditWriter

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
    audit: RequestAudit = request.state.audit
    return audit


def record_entry(
    request: Request,
    principal: Principal,
    *,
    household: str | None = None,
    municipality: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Future[None]:
    """Submit an audit entry; the response waits until the entry is durable."""
    app, audit = request.app, request_audit(request)
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
    audit.entries.append(entry)
    audit.futures.append(future)
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
        audit = scope["state"]["audit"] = RequestAudit()
        blocked = False

        async def send_when_recorded(message: Message) -> None:
            nonlocal blocked
            if message["type"] == "http.response.start":
                blocked = not await _is_recorded(scope, audit, message["status"])
                if blocked:
                    await _unavailable(scope)(scope, receive, send)
            if not blocked:
                await send(message)

        await self.app(scope, receive, send_when_recorded)


async def _is_recorded(scope: Scope, audit: RequestAudit, status: int) -> bool:
    """Wait for the audit entries; return whether all are durable, so that the response may go."""
    try:
        if audit.disclosure_due and status < HTTPStatus.MULTIPLE_CHOICES:
            raise RuntimeError("the endpoint has not recorded which households its answer shows")
        if audit.entries and status >= HTTPStatus.BAD_REQUEST:
            audit.futures.append(_submit_refusal(scope, audit.entries[0], status))
        for future in audit.futures:
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
