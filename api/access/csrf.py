"""Protection against changes that another site makes a person's browser ask for."""

from http import HTTPStatus

from fastapi import Request

from api.problems import RefusedError
from matcher.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""HTTP methods that change nothing."""
OWN_SITE_VALUES = frozenset({"same-origin", "none"})
"""Values of ``Sec-Fetch-Site`` for a page of this service, and for no page at all."""


def check_same_origin(request: Request) -> None:
    """Check that no other site makes a browser ask for a change.

    A browser sends the cookies of this service whichever site makes it ask, and states that site in
    two headers that no page can set. ``Sec-Fetch-Site`` decides. Where an older browser leaves it
    out, ``Origin`` must name this service.

    Raises
    ------
    RefusedError
        403 when the request comes from another site, or when neither header says where it comes
        from. Methods that change nothing always pass.
    """
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("sec-fetch-site")
    same_origin = (
        request.headers.get("origin") == service_origin(request)
        if site is None
        else site in OWN_SITE_VALUES
    )
    if not same_origin:
        raise RefusedError(
            HTTPStatus.FORBIDDEN, "a change must be asked for by a page of this service itself"
        )


def service_origin(request: Request) -> str:
    """Return the origin at which people reach this service."""
    settings: Settings = request.app.state.settings
    return settings.public_url or f"{request.url.scheme}://{request.url.netloc}"
