"""Headers of every response: the number of the request, and headers that protect the reader."""

from urllib.parse import urlsplit
from uuid import uuid4

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import unexpected_error_response
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
