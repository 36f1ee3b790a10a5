"""The checks that a caller must pass: identity, rate, origin of a change, role and municipality."""

import math
import time
from collections.abc import Callable, Sequence
from http import HTTPStatus

from fastapi import Depends, Request
from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter, RateLimiter, SlidingWindowCounterRateLimiter

from api.access.audit import record_path
from api.access.csrf import check_same_origin
from api.access.principal import Principal
from api.problems import RefusedError
from matcher.domain.errors import UnknownMunicipalityError
from matcher.domain.roles import Role
from matcher.settings import Settings


class RateLimits:
    """Count the requests of identified callers, and those of unidentified ones by address.

    Parameters
    ----------
    settings : Settings
        Holds both limits, and where requests are counted.
    """

    def __init__(self, settings: Settings) -> None:
        storage = storage_from_string(settings.rate_limit_storage)
        # For identified callers only counts are stored; for the few unidentified, every moment.
        self._known: RateLimiter = SlidingWindowCounterRateLimiter(storage)
        self._unknown: RateLimiter = MovingWindowRateLimiter(storage)
        self._limit, self._unknown_limit = parse(settings.rate_limit), parse(settings.login_limit)

    def count_request(self, caller: str) -> None:
        """Count a request of an identified caller.

        Raises
        ------
        RefusedError
            429 when there have been too many requests.
        """
        self._hit(self._known, self._limit, "known", caller)

    def count_unauthenticated(self, request: Request) -> None:
        """Count, by address, a login that begins or fails, or a key that is not valid.

        Raises
        ------
        RefusedError
            429 when there have been too many requests.
        """
        address = request.client.host if request.client else ""
        self._hit(self._unknown, self._unknown_limit, "unknown", address)

    @staticmethod
    def _hit(limiter: RateLimiter, limit: RateLimitItem, *identifiers: str) -> None:
        if limiter.hit(limit, *identifiers):
            return
        reset_time = limiter.get_window_stats(limit, *identifiers).reset_time
        seconds = max(1, math.ceil(reset_time - time.time()))
        raise RefusedError(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"too many requests: {limit} are allowed; try again in {seconds} s",
            {"Retry-After": str(seconds)},
        )


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
            if principal.by_cookie:
                check_same_origin(request)
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


def in_scope(principal: Principal, municipality: str | None) -> bool:
    """Return whether a caller may see what belongs to a municipality."""
    return principal.municipality is None or principal.municipality == municipality


def check_scope(principal: Principal, municipality: str) -> None:
    """Check that a caller may see a municipality.

    Raises
    ------
    UnknownMunicipalityError
        When the municipality is not the caller's; the message is the same as for a municipality
        that is not in the store.
    """
    if not in_scope(principal, municipality):
        raise UnknownMunicipalityError(f"municipality {municipality} is not in the store")
