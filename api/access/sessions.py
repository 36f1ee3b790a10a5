"""Sessions of people who have logged in, stored in a signed cookie in the browser."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from fastapi import Request, Response

from api.access.principal import Principal
from api.access.signing import SignedCookie
from matcher.roles import RoleError, checked_roles
from matcher.settings import Settings
from matcher.store.database.sessions import sessions_ended

COOKIE = SignedCookie("treffsikker")


def begin_session(answer: Response, settings: Settings, who: Principal, now: datetime) -> None:
    """Start a session: set the session cookie on a response."""
    content = {
        "id": who.id,
        "name": who.name,
        "roles": sorted(who.roles),
        "municipality": who.municipality,
        "token": secrets.token_urlsafe(32),
        "begun": now.timestamp(),
    }
    until = now + timedelta(hours=settings.session_hours)
    COOKIE.set(answer, settings, content, now, until)


def end_session(answer: Response, settings: Settings) -> None:
    """End a session: delete the session cookie."""
    COOKIE.delete(answer, settings)


def by_session(request: Request) -> Principal | None:
    """Return the person that the session belongs to, None without a valid session."""
    content = COOKIE.read(request)
    if content is None or _is_ended(request, content):
        return None
    try:
        roles = checked_roles(content["roles"], content["municipality"])
    except RoleError:
        # An earlier version signed this cookie, with roles that no longer exist.
        return None
    request.state.csrf_token = content["token"]
    return Principal(content["id"], content["name"], roles, content["municipality"], by_cookie=True)


def _is_ended(request: Request, content: Mapping[str, Any]) -> bool:
    ended = sessions_ended(request.app.state.store, content["id"])
    # An earlier version did not store when a session began.
    return ended is not None and content.get("begun", 0.0) <= ended.timestamp()
