"""Cookies that nobody can change: signed, and of no use after their time."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from itsdangerous import BadData, URLSafeSerializer

from api.problems import RefusedError
from matcher.settings import Settings


class SignedCookie:
    """A cookie of one kind, sent to this site only and hidden from scripts.

    Parameters
    ----------
    name : str
        Of the kind; no cookie of another kind stands in for it.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def set(
        self, answer: Response, settings: Settings, content: Any, now: datetime, until: datetime
    ) -> None:
        """Put it into an answer; it holds until a moment."""
        signed = self._signer(settings).dumps([until.timestamp(), content])
        answer.set_cookie(
            self.called(settings), str(signed), max_age=int((until - now).total_seconds()),
            path="/", secure=settings.secure, httponly=True, samesite="lax",
        )  # fmt: skip

    def read(self, request: Request) -> Any:
        """Give its content; None when there is none that holds."""
        settings: Settings = request.app.state.settings
        text = request.cookies.get(self.called(settings))
        if text is None:
            return None
        try:
            until, content = self._signer(settings).loads(text)
        except (BadData, ValueError, TypeError):
            return None
        return content if request.app.state.clock().timestamp() < until else None

    def delete(self, answer: Response, settings: Settings) -> None:
        """Have the browser forget it."""
        answer.delete_cookie(
            self.called(settings), path="/", secure=settings.secure, httponly=True, samesite="lax"
        )

    def called(self, settings: Settings) -> str:
        """Give its name in the browser, which over HTTPS says that no other site can set it."""
        return f"__Host-{self.name}" if settings.secure else self.name

    def _signer(self, settings: Settings) -> URLSafeSerializer:
        return URLSafeSerializer(settings.secret.get_secret_value(), salt=self.name)


def local_path(path: str | None) -> str:
    """Give a path of this service to go on to; the first page for anything else."""
    plain = path is not None and path.isprintable() and "\\" not in path
    if plain and path is not None and path.startswith("/") and not path.startswith("//"):
        return path
    return "/"


def not_found() -> RefusedError:
    """Give the answer where a page is not switched on: as if it were not there."""
    return RefusedError(HTTPStatus.NOT_FOUND, "Not Found")
