"""Sessions of people who have logged in, kept in their own browser."""

import secrets
from datetime import datetime, timedelta

from fastapi import Request, Response

from api.access.principal import Principal
from api.access.signing import SignedCookie
from matcher.roles import RoleError, checked_roles
from matcher.settings import Settings

COOKIE = SignedCookie("treffsikker")


def begin_session(answer: Response, settings: Settings, who: Principal, now: datetime) -> None:
    """Let someone stay logged in."""
    content = {
        "id": who.id, "name": who.name, "roles": sorted(who.roles),
        "municipality": who.municipality, "token": secrets.token_urlsafe(32),
    }  # fmt: skip
    until = now + timedelta(hours=settings.session_hours)
    COOKIE.set(answer, settings, content, now, until)


def end_session(answer: Response, settings: Settings) -> None:
    """Let someone stay logged in no longer."""
    COOKIE.delete(answer, settings)


def by_session(request: Request) -> Principal | None:
    """Give the person whose session it is, None without one that holds."""
    found = COOKIE.read(request)
    if found is None:
        return None
    try:
        roles = checked_roles(found["roles"], found["municipality"])
    except RoleError:
        # Signed by an earlier version, with roles that there are no more.
        return None
    request.state.csrf_token = found["token"]
    return Principal(found["id"], found["name"], roles, found["municipality"], by_cookie=True)
