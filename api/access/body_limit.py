"""No request is larger than it may be, whatever it says of its length."""

from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem


class BodyLimit:
    """Refuses bodies above a limit.

    Parameters
    ----------
    app : ASGI application
        What answers.
    most : int
        Bytes.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app = app
        self.most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        told = Headers(scope=scope).get("content-length", "")
        if told.isdigit() and int(told) > self.most:
            await self._refusal(scope)(scope, receive, send)
            return
        come = 0

        async def counted() -> Message:
            nonlocal come
            message = await receive()
            come += len(message.get("body", b""))
            if come > self.most:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self._told)
            return message

        await self.app(scope, counted, send)

    @property
    def _told(self) -> str:
        return f"a request may have {self.most:,} bytes at the most; send less at a time"

    def _refusal(self, scope: Scope) -> ASGIApp:
        return problem(Request(scope), HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self._told)
