"""Every endpoint says which roles may use it; the others are told why not."""

from collections.abc import Callable, Sequence
from http import HTTPStatus

from fastapi import Depends, Request

from api.access.forgery import check_forgery
from api.access.principal import Principal, Role
from api.access.rates import Rates
from api.access.trail import SAFE, note_path
from api.problems import RefusedError

Authenticator = Callable[[Request], Principal | None]
"""Says who asks, None when it cannot tell."""


def identified(request: Request) -> Principal:
    """Give who asks.

    Raises
    ------
    RefusedError
        401 when no authenticator knows them, 403 when another site has their browser ask for a
        change, 429 when they ask too often.
    """
    authenticators: Sequence[Authenticator] = request.app.state.authenticators
    rates: Rates = request.app.state.rates
    for authenticator in authenticators:
        found = authenticator(request)
        if found is not None:
            rates.count(found.id)
            if found.by_cookie and request.method not in SAFE:
                check_forgery(request)
            request.state.principal = found
            return found
    rates.count_unknown(request)
    raise RefusedError(
        HTTPStatus.UNAUTHORIZED,
        "log in, or send a key that holds in the header Authorization: Bearer",
        {"WWW-Authenticate": "Bearer"},
    )


class Allow:
    """Let some roles through.

    Parameters
    ----------
    roles : Role
        Who may; those with at least one of them.
    """

    def __init__(self, *roles: Role) -> None:
        self.roles = frozenset(roles)

    def __call__(self, request: Request) -> Principal:
        """Give who asks, with an entry in the audit log of what they ask for.

        Raises
        ------
        RefusedError
            401 when they are not known, 403 when they have none of the roles, 429 when they ask
            too often.
        """
        principal = identified(request)
        note_path(request, principal)
        if not self.roles & principal.roles:
            needed = " or ".join(sorted(self.roles))
            raise RefusedError(HTTPStatus.FORBIDDEN, f"this takes the role {needed}")
        return principal


def allow(*roles: Role) -> Principal:
    """Say in an endpoint's signature who may use it: ``who: Principal = allow(Role.AUDITOR)``."""
    found: Principal = Depends(Allow(*roles))
    return found
