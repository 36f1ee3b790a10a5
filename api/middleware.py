"""What every request passes through: headers of responses, measurement, limit on bodies."""

from http import HTTPStatus
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from fastapi import Request
from prometheus_client import Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem_response, unexpected_error_response
from matcher.logs import get_logger
from matcher.settings import Settings

REQUEST_ID_HEADER = "X-Request-ID"
CONTENT_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'{provider}; frame-ancestors 'none';"
    " object-src 'none'; img-src 'self' data:"
)
"""What a page may load. Its forms may lead to the provider, where people log out."""
DOCS_PATH = "/docs"
DOCS_CONTENT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' https://cdn.jsdelivr.net;"
    " style-src 'self' 'unsafe-inline' https://cdn.jsdelivr.net; img-src 'self' data: https:"
)
"""Content policy of the framework's page to try the endpoints, which only development has."""
SECURITY_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Headers of every response, unless the endpoint has set them itself."""
HTTPS_HEADERS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
"""Headers of responses over HTTPS."""
REQUEST_SECONDS = Histogram(
    "treffsikker_request_seconds",
    "Seconds from a request to the beginning of its answer.",
    ("method", "route", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)
KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_ROUTE = "none"
"""The route of requests that no endpoint answers."""
QUIET_PREFIX = "/health/"
"""Prefix of routes that are requested every few seconds; only their failures are logged."""

log = get_logger(__name__)


class ResponseHeaders:
    """Add a number to each request and headers to each response, unexpected errors included.

    Parameters
    ----------
    app : ASGI application
        The next application.
    settings : Settings
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        issuer = urlsplit(settings.oidc_issuer or "")
        provider = f" {issuer.scheme}://{issuer.netloc}" if issuer.netloc else ""
        policy = {"Content-Security-Policy": CONTENT_POLICY.format(provider=provider)}
        self.headers = {
            **SECURITY_HEADERS,
            **policy,
            **(HTTPS_HEADERS if settings.uses_https else {}),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number = scope.setdefault("state", {})["request_id"] = uuid4().hex
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers[REQUEST_ID_HEADER] = number
                if scope["path"] == DOCS_PATH:
                    headers.setdefault("Content-Security-Policy", DOCS_CONTENT_POLICY)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except Exception as error:
            # The framework would build its response outside this middleware, without these headers.
            if not started:
                await unexpected_error_response(Request(scope), error)(
                    scope, receive, send_with_headers
                )
            raise


class RequestMetrics:
    """Time and log the requests of an application.

    A path may hold the identifier of a household; a route, such as ``/runs/{run}``, does not.

    Parameters
    ----------
    app : ASGI application
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = perf_counter()

        async def send_and_record(message: Message) -> None:
            if message["type"] == "http.response.start":
                _record(scope, message["status"], perf_counter() - started)
            await send(message)

        try:
            await self.app(scope, receive, send_and_record)
        except Exception:
            _record(scope, 500, perf_counter() - started)
            log.exception("request failed", **_facts(scope))
            raise


def route_template(scope: Scope) -> str:
    """Return the route of a request that has been answered, such as ``/runs/{run}``."""
    return str(getattr(scope.get("route"), "path", NO_ROUTE))


def _record(scope: Scope, status: int, seconds: float) -> None:
    facts = _facts(scope)
    REQUEST_SECONDS.labels(facts["method"], facts["route"], str(status)).observe(seconds)
    if status < 400 and facts["route"].startswith(QUIET_PREFIX):
        return
    log.info("request", **facts, status=status, milliseconds=round(1000 * seconds, 1))


def _facts(scope: Scope) -> dict[str, Any]:
    method = scope["method"] if scope["method"] in KNOWN_METHODS else "other"
    number = scope["state"]["request_id"]
    return {"request": number, "method": method, "route": route_template(scope)}


class BodyLimit:
    """Refuse request bodies above a limit.

    Parameters
    ----------
    app : ASGI application
        The next application.
    max_bytes : int
        Largest size of a body, in bytes.
    """

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdigit() and int(declared) > self.max_bytes:
            await self._refusal(scope)(scope, receive, send)
            return
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.max_bytes:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self._detail)
            return message

        await self.app(scope, receive_counted, send)

    @property
    def _detail(self) -> str:
        return f"a request may have {self.max_bytes:,} bytes at the most; send less at a time"

    def _refusal(self, scope: Scope) -> ASGIApp:
        return problem_response(Request(scope), HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self._detail)
