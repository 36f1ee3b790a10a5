"""Authentication: a system by its key, a person by the session in a signed cookie."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from fastapi import Request, Response
from itsdangerous import BadData, URLSafeSerializer

from api.access.principal import Principal
from matcher.domain.roles import Role, RoleError, parse_roles
from matcher.settings import Settings
from matcher.store.service.api_keys import find_valid_key
from matcher.store.service.sessions import find_sessions_end


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
        self, response: Response, settings: Settings, content: Any, at: datetime, until: datetime
    ) -> None:
        """Set the cookie on a response; it is valid until a moment."""
        signed = self._signer(settings).dumps([until.timestamp(), content])
        response.set_cookie(
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

    def delete(self, response: Response, settings: Settings) -> None:
        """Delete the cookie from the browser."""
        response.delete_cookie(
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


SESSION_COOKIE = SignedCookie("treffsikker")


def authenticate_api_key(request: Request) -> Principal | None:
    """Return the system that the key belongs to, None without a valid key."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key:
        return None
    holder = find_valid_key(request.app.state.store, key, request.app.state.clock())
    if holder is None:
        return None
    roles = frozenset(Role(role) for role in holder.roles)
    return Principal(f"system:{holder.name}", holder.name, roles, holder.municipality)


def start_session(
    response: Response, settings: Settings, principal: Principal, at: datetime
) -> None:
    """Start a session: set the session cookie on a response."""
    content = {
        "id": principal.id,
        "name": principal.name,
        "roles": sorted(principal.roles),
        "municipality": principal.municipality,
        "begun": at.timestamp(),
    }
    until = at + timedelta(hours=settings.session_hours)
    SESSION_COOKIE.set(response, settings, content, at, until)


def end_session(response: Response, settings: Settings) -> None:
    """End a session: delete the session cookie."""
    SESSION_COOKIE.delete(response, settings)


def authenticate_session(request: Request) -> Principal | None:
    """Return the person that the session belongs to, None without a valid session."""
    content = SESSION_COOKIE.read(request)
    if content is None or _is_ended(request, content):
        return None
    try:
        roles = parse_roles(content["roles"], content["municipality"])
    except RoleError:
        # An earlier version signed this cookie, with roles that no longer exist.
        return None
    return Principal(content["id"], content["name"], roles, content["municipality"], by_cookie=True)


def _is_ended(request: Request, content: Mapping[str, Any]) -> bool:
    ended = find_sessions_end(request.app.state.store, content["id"])
    # An earlier version did not store when a session began.
    return ended is not None and content.get("begun", 0.0) <= ended.timestamp()
