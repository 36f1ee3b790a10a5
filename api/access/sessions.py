"""Sessions of people who have logged in, stored in a signed cookie in the browser."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from fastapi import Request, Response

from api.access.cookies import SignedCookie
from api.access.principal import Principal
from matcher.domain.roles import RoleError, parse_roles
from matcher.settings import Settings
from matcher.store.service.sessions import find_sessions_end

SESSION_COOKIE = SignedCookie("treffsikker")


def start_session(answer: Response, settings: Settings, principal: Principal, at: datetime) -> None:
    """Start a session: set the session cookie on a response."""
    content = {
        "id": principal.id,
        "name": principal.name,
        "roles": sorted(principal.roles),
        "municipality": principal.municipality,
        "token": secrets.token_urlsafe(32),
        "begun": at.timestamp(),
    }
    until = at + timedelta(hours=settings.session_hours)
    SESSION_COOKIE.set(answer, settings, content, at, until)


def end_session(answer: Response, settings: Settings) -> None:
    """End a session: delete the session cookie."""
    SESSION_COOKIE.delete(answer, settings)


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
    request.state.csrf_token = content["token"]
    return Principal(content["id"], content["name"], roles, content["municipality"], by_cookie=True)


def _is_ended(request: Request, content: Mapping[str, Any]) -> bool:
    ended = find_sessions_end(request.app.state.store, content["id"])
    # An earlier version did not store when a session began.
    return ended is not None and content.get("begun", 0.0) <= ended.timestamp()
