"""Signed cookies: nobody can change them, and they are not valid after they expire."""

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
        Name of the kind; a cookie of another kind is not accepted in its place.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def set(
        self, answer: Response, settings: Settings, content: Any, at: datetime, until: datetime
    ) -> None:
        """Set the cookie on a response; it is valid until a moment."""
        signed = self._signer(settings).dumps([until.timestamp(), content])
        answer.set_cookie(
            self.name_in_browser(settings),
            str(signed),
            max_age=int((until - at).total_seconds()),
            path="/",
            secure=settings.uses_https,
            httponly=True,
            samesite="lax",
        )

    def read(self, request: Request) -> Any:
        """Return the content of the cookie, None without a valid cookie."""
        settings: Settings = request.app.state.settings
        text = request.cookies.get(self.name_in_browser(settings))
        if text is None:
            return None
        try:
            until, content = self._signer(settings).loads(text)
        except (BadData, ValueError, TypeError):
            return None
        return content if request.app.state.clock().timestamp() < until else None

    def delete(self, answer: Response, settings: Settings) -> None:
        """Delete the cookie from the browser."""
        answer.delete_cookie(
            self.name_in_browser(settings),
            path="/",
            secure=settings.uses_https,
            httponly=True,
            samesite="lax",
        )

    def name_in_browser(self, settings: Settings) -> str:
        """Return its name in the browser; over HTTPS a prefix keeps other sites from setting it."""
        return f"__Host-{self.name}" if settings.uses_https else self.name

    def _signer(self, settings: Settings) -> URLSafeSerializer:
        return URLSafeSerializer(settings.secret.get_secret_value(), salt=self.name)


def local_path(path: str | None) -> str:
    """Return a path if it leads to a page of this service, otherwise the path of the first page."""
    plain = path is not None and path.isprintable() and "\\" not in path
    if plain and path is not None and path.startswith("/") and not path.startswith("//"):
        return path
    return "/"


def not_found_error() -> RefusedError:
    """Build the 404 error for a page that is not switched on."""
    return RefusedError(HTTPStatus.NOT_FOUND, "Not Found")
