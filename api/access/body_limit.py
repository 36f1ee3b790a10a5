"""Limit on the size of request bodies, whatever length a request declares."""

from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem_response


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
