"""Authorization: every endpoint declares which roles may use it; other callers are refused."""

from collections.abc import Callable, Sequence
from http import HTTPStatus

from fastapi import Depends, Request

from api.access.audit import SAFE_METHODS, record_path
from api.access.csrf import check_csrf
from api.access.principal import Principal, Role
from api.access.rate_limits import RateLimits
from api.problems import RefusedError

Authenticator = Callable[[Request], Principal | None]
"""Identifies the caller, or returns None when it cannot."""


def authenticate(request: Request) -> Principal:
    """Identify the caller.

    Raises
    ------
    RefusedError
        401 when no authenticator knows the caller, 403 when another site made the caller's browser
        ask for a change, 429 when the caller asks too often.
    """
    authenticators: Sequence[Authenticator] = request.app.state.authenticators
    rates: RateLimits = request.app.state.rates
    for authenticator in authenticators:
        principal = authenticator(request)
        if principal is not None:
            rates.count_request(principal.id)
            if principal.by_cookie and request.method not in SAFE_METHODS:
                check_csrf(request)
            request.state.principal = principal
            return principal
    rates.count_unauthenticated(request)
    raise RefusedError(
        HTTPStatus.UNAUTHORIZED,
        "log in, or send a key that holds in the header Authorization: Bearer",
        {"WWW-Authenticate": "Bearer"},
    )


class RoleGuard:
    """Let callers with certain roles through.

    Parameters
    ----------
    roles : Role
        Roles that may use the endpoint; a caller needs at least one of them.
    """

    def __init__(self, *roles: Role) -> None:
        self.roles = frozenset(roles)

    def __call__(self, request: Request) -> Principal:
        """Return the caller, after recording in the audit log what the caller asks for.

        Raises
        ------
        RefusedError
            401 when the caller is not known, 403 when the caller has none of the roles, 429 when
            the caller asks too often.
        """
        principal = authenticate(request)
        record_path(request, principal)
        if not self.roles & principal.roles:
            needed = " or ".join(sorted(self.roles))
            raise RefusedError(HTTPStatus.FORBIDDEN, f"this takes the role {needed}")
        return principal


def allow(*roles: Role) -> Principal:
    """Declare in a signature who may use the endpoint: ``who: Principal = allow(Role.AUDITOR)``."""
    dependency: Principal = Depends(RoleGuard(*roles))
    return dependency
