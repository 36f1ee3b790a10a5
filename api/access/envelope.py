"""Headers of every response: the number of the request, and headers that protect the reader."""

from urllib.parse import urlsplit
from uuid import uuid4

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import unexpected
from matcher.settings import Settings

REQUEST_ID = "X-Request-ID"
POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'{provider}; frame-ancestors 'none';"
    " object-src 'none'; img-src 'self' data:"
)
"""What a page may load. Its forms may lead to the provider, where people log out."""
DOCS = "/docs"
DOCS_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' https://cdn.jsdelivr.net;"
    " style-src 'self' 'unsafe-inline' https://cdn.jsdelivr.net; img-src 'self' data: https:"
)
"""Content policy of the framework's page to try the endpoints, which only development has."""
HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Headers of every response, unless the endpoint has set them itself."""
ONLY_SECURE = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
"""Headers of responses over HTTPS."""


class Envelope:
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
        policy = {"Content-Security-Policy": POLICY.format(provider=provider)}
        self.headers = {**HEADERS, **policy, **(ONLY_SECURE if settings.secure else {})}

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
                headers[REQUEST_ID] = number
                if scope["path"] == DOCS:
                    headers.setdefault("Content-Security-Policy", DOCS_POLICY)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except Exception as error:
            # The framework would build its response outside this middleware, without these headers.
            if not started:
                await unexpected(Request(scope), error)(scope, receive, send_with_headers)
            raise
