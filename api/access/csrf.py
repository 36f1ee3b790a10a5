"""Protection against cross-site request forgery for changes by callers with a session cookie."""

import hmac
from http import HTTPStatus
from urllib.parse import urlsplit

from anyio.from_thread import run as run_in_loop
from fastapi import Request

from api.problems import RefusedError
from matcher.settings import Settings

CSRF_HEADER, CSRF_FIELD = "X-CSRF-Token", "csrf_token"
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


def check_csrf(request: Request) -> None:
    """Check that a page of this service asked for a change.

    A browser sends the cookies of this service whichever site made it ask. Other sites do not know
    the session's token and cannot hide their origin. This function must be called in a worker
    thread, not in the thread of the event loop.

    Raises
    ------
    RefusedError
        403 when another site asked, or when the token is missing or belongs to another session.
    """
    check_origin(request)
    token, submitted = str(request.state.csrf_token), _submitted_token(request)
    if not hmac.compare_digest(token.encode(), submitted.encode("utf-8", "replace")):
        raise RefusedError(
            HTTPStatus.FORBIDDEN,
            f"a change needs the session's token, in the header {CSRF_HEADER} or the field "
            f"{CSRF_FIELD}; load the page again",
        )


def check_origin(request: Request) -> None:
    """Check that a page of this service asks.

    Raises
    ------
    RefusedError
        403 when another site asks, or when no header tells which site asks.
    """
    if not _same_origin(request):
        raise RefusedError(
            HTTPStatus.FORBIDDEN, "a change must be asked for by a page of this service itself"
        )


def service_origin(request: Request) -> str:
    """Return the origin at which people reach this service."""
    settings: Settings = request.app.state.settings
    return settings.public_url or f"{request.url.scheme}://{request.url.netloc}"


def _same_origin(request: Request) -> bool:
    headers = request.headers
    site = headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    origin = headers.get("origin") or headers.get("referer")
    if origin is None:
        return site is not None
    parts = urlsplit(origin)
    return f"{parts.scheme}://{parts.netloc}" == service_origin(request)


def _submitted_token(request: Request) -> str:
    token = request.headers.get(CSRF_HEADER)
    if token is None and request.headers.get("content-type", "").startswith(FORM_TYPES):
        token = run_in_loop(_form_token, request)
    return token or ""


async def _form_token(request: Request) -> str:
    # The framework keeps the parsed form, so the endpoint gets the same form.
    field = (await request.form()).get(CSRF_FIELD, "")
    return field if isinstance(field, str) else ""
