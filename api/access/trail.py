"""What each request reads and changes, on its way into the audit log; no answer overtakes it."""

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
"""Methods that change nothing."""
HOUSEHOLD, MUNICIPALITY = "household", "municipality"
"""Names that the parameter of a path must have where it says which one is meant."""
LONGEST = 200
"""Characters that are kept of a part of a path."""
SHORT = "/api/v1"
"""Beginning of most paths, left out in the log."""
UNAVAILABLE = (
    "the audit log cannot be written, and nothing is shown or changed without it; try again"
)

log = get_logger(__name__)


class Trail:
    """Entries of one request."""

    def __init__(self) -> None:
        self.told: list[Entry] = []
        self.futures: list[Future[None]] = []
        self.owes = False
        """An answer that succeeds must first have said whom it shows."""


def trail_of(request: Request) -> Trail:
    """Give the entries of a request so far."""
    found: Trail = request.state.trail
    return found


def note(request: Request, who: Principal, *, household: str | None = None,
         municipality: str | None = None, facts: Mapping[str, Any] | None = None,
         ) -> Future[None]:  # fmt: skip
    """Hand in an entry; the answer waits for it."""
    app, trail = request.app, trail_of(request)
    path = request.scope["route"].path.removeprefix(SHORT)
    entry = Entry(
        app.state.clock(), who.id, f"{request.method} {path}", request.state.request_id,
        household, municipality, facts or {},
    )  # fmt: skip
    writer: AuditWriter = app.state.audit_writer
    future = writer.submit([entry])
    trail.told.append(entry)
    trail.futures.append(future)
    return future


def note_path(request: Request, who: Principal) -> None:
    """Hand in an entry for a household in the path, or for a change of anything.

    A change waits until its entry is durable; a read goes on meanwhile.
    """
    # Nothing of the path has been checked yet.
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
    """Keeps whom an answer shows in the audit log: call it before answering.

    Parameters
    ----------
    request : Request
        That is answered.
    """

    def __init__(self, request: Request) -> None:
        self._request = request

    def __call__(self, households: Iterable[str], **facts: Any) -> None:
        """Say which households the answer shows, by identifier; there may be none."""
        self._note({**facts, "households": list(households)})

    def everyone(self, **facts: Any) -> None:
        """Say that it shows all, as a whole plan does."""
        self._note({**facts, "households": EVERYONE})

    def _note(self, facts: Mapping[str, Any]) -> None:
        number = str(self._request.path_params.get(MUNICIPALITY))
        municipality = number if NUMBER.fullmatch(number) else None
        who: Principal = self._request.state.principal
        note(self._request, who, municipality=municipality, facts=facts)
        trail_of(self._request).owes = False


class AuditGate:
    """Holds each answer back until its entries are durable; without them there is none.

    Parameters
    ----------
    app : ASGI application
        What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        trail = scope["state"]["trail"] = Trail()
        stopped = False

        async def gate(message: Message) -> None:
            nonlocal stopped
            if message["type"] == "http.response.start":
                stopped = not await _kept(scope, trail, message["status"])
                if stopped:
                    await _unavailable(scope)(scope, receive, send)
            if not stopped:
                await send(message)

        await self.app(scope, receive, gate)


async def _kept(scope: Scope, trail: Trail, status: int) -> bool:
    """Wait until everything is durable; whether it is, and the answer may go."""
    try:
        if trail.owes and status < HTTPStatus.MULTIPLE_CHOICES:
            raise RuntimeError("the endpoint has not said whom its answer shows")
        if trail.told and status >= HTTPStatus.BAD_REQUEST:
            trail.futures.append(_refusal(scope, trail.told[0], status))
        for future in trail.futures:
            await asyncio.wrap_future(future)
    except Exception:
        log.exception("audit log not written", request=_number(scope))
        return False
    return True


def _refusal(scope: Scope, first: Entry, status: int) -> Future[None]:
    """Keep that what was asked for was not given."""
    app = scope["app"]
    told = Entry(
        app.state.clock(), first.actor, first.action, first.request, first.household,
        first.municipality, {"status": status},
    )  # fmt: skip
    future: Future[None] = app.state.audit_writer.submit([told])
    return future


def _number(scope: Scope) -> str:
    return str(scope["state"].get("request_id", ""))


def _unavailable(scope: Scope) -> ASGIApp:
    return problem(Request(scope), HTTPStatus.SERVICE_UNAVAILABLE, UNAVAILABLE)
