"""Compression of large API responses, where sending less saves more time than compressing takes."""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

MIN_COMPRESSED_BYTES = 8 * 1024
"""Bytes from which a response is compressed: a smaller response fits in a few packets anyway."""
COMPRESSION_LEVEL = 4
"""Level of gzip: for responses with all municipalities, a higher level saves almost nothing."""


class Compression:
    """Compress responses of the API, and nothing else.

    A page contains the token that proves that its form was filled in there. If the page were
    compressed together with text that another site can choose, its length would reveal the token.

    Parameters
    ----------
    app : ASGI application
        The next application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.uncompressed_app = app
        self.compressed_app = GZipMiddleware(
            app, minimum_size=MIN_COMPRESSED_BYTES, compresslevel=COMPRESSION_LEVEL
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        of_api = scope["type"] == "http" and scope["path"].startswith("/api/")
        await (self.compressed_app if of_api else self.uncompressed_app)(scope, receive, send)
