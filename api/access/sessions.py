"""Sessions of people who have logged in, kept in their own browser."""

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
    """Let someone stay logged in."""
    content = {
        "id": who.id, "name": who.name, "roles": sorted(who.roles),
        "municipality": who.municipality, "token": secrets.token_urlsafe(32),
        "begun": now.timestamp(),
    }  # fmt: skip
    until = now + timedelta(hours=settings.session_hours)
    COOKIE.set(answer, settings, content, now, until)


def end_session(answer: Response, settings: Settings) -> None:
    """Let someone stay logged in no longer."""
    COOKIE.delete(answer, settings)


def by_session(request: Request) -> Principal | None:
    """Give the person whose session it is, None without one that holds."""
    found = COOKIE.read(request)
    if found is None or _is_ended(request, found):
        return None
    try:
        roles = checked_roles(found["roles"], found["municipality"])
    except RoleError:
        # Signed by an earlier version, with roles that there are no more.
        return None
    request.state.csrf_token = found["token"]
    return Principal(found["id"], found["name"], roles, found["municipality"], by_cookie=True)


def _is_ended(request: Request, found: Mapping[str, Any]) -> bool:
    ended = sessions_ended(request.app.state.store, found["id"])
    # An earlier version did not say when a session was begun.
    return ended is not None and found.get("begun", 0.0) <= ended.timestamp()
