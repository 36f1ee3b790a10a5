"""Large answers of the API are sent compressed, where that saves more time than it takes."""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

LEAST = 8 * 1024
"""Bytes from which an answer is compressed: a smaller one fits in a few packets as it is."""
LEVEL = 4
"""How hard: of the answers with all municipalities, more effort saves next to nothing."""


class Compression:
    """Compresses answers of the API, and nothing else.

    A page holds what proves that a form was filled in there; compressed beside something that
    another site can choose, its length would tell what it is.

    Parameters
    ----------
    app : ASGI application
        What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.plain = app
        self.compressed = GZipMiddleware(app, minimum_size=LEAST, compresslevel=LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        of_api = scope["type"] == "http" and scope["path"].startswith("/api/")
        await (self.compressed if of_api else self.plain)(scope, receive, send)
