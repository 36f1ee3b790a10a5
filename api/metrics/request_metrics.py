"""Timing and logging of each request: by its route, never by its path."""

from time import perf_counter
from typing import Any

from prometheus_client import Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from matcher.logs import get_logger

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
