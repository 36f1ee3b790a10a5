"""A change by cookie needs proof that a page of this service asked for it."""

import hmac
from http import HTTPStatus
from urllib.parse import urlsplit

from anyio.from_thread import run as run_in_loop
from fastapi import Request

from api.problems import RefusedError
from matcher.settings import Settings

HEADER, FIELD = "X-CSRF-Token", "csrf_token"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def check_forgery(request: Request) -> None:
    """Make sure that a page of this service asked for a change.

    A browser sends cookies along whoever asks. Other sites neither know the session's token nor can
    hide where they are. Called in a thread beside the server's own.

    Raises
    ------
    RefusedError
        403 when another site asked, or the token is missing or another session's.
    """
    check_origin(request)
    token, offered = str(request.state.csrf_token), _offered(request)
    if not hmac.compare_digest(token.encode(), offered.encode("utf-8", "replace")):
        raise RefusedError(
            HTTPStatus.FORBIDDEN,
            f"a change needs the session's token, in the header {HEADER} or the field {FIELD};"
            " load the page again",
        )


def check_origin(request: Request) -> None:
    """Make sure that a page of this service asks.

    Raises
    ------
    RefusedError
        403 when another site does, or nothing tells which.
    """
    if not _same_origin(request):
        raise RefusedError(
            HTTPStatus.FORBIDDEN, "a change must be asked for by a page of this service itself"
        )


def own_origin(request: Request) -> str:
    """Give where people reach this service."""
    settings: Settings = request.app.state.settings
    return settings.public_url or f"{request.url.scheme}://{request.url.netloc}"


def _same_origin(request: Request) -> bool:
    headers = request.headers
    site = headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    told = headers.get("origin") or headers.get("referer")
    if told is None:
        return site is not None
    parts = urlsplit(told)
    return f"{parts.scheme}://{parts.netloc}" == own_origin(request)


def _offered(request: Request) -> str:
    found = request.headers.get(HEADER)
    if found is None and request.headers.get("content-type", "").startswith(FORMS):
        found = run_in_loop(_field, request)
    return found or ""


async def _field(request: Request) -> str:
    # Read once and kept: the endpoint gets the same form.
    found = (await request.form()).get(FIELD, "")
    return found if isinstance(found, str) else ""
