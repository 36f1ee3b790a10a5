"""The caller: a person who has logged in, or a system with a key."""

from dataclasses import dataclass

from matcher.domain.roles import Role


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller of a request.

    Parameters
    ----------
    id : str
        Identifier in events and the audit log: ``person:…`` or ``system:…``.
    name : str
        Name for people to read.
    roles : frozenset of Role
        At least one.
    municipality : str or None
        Four-digit number of the municipality that the caller belongs to, the only one that the
        caller sees. Set if, and only if, the caller has the role municipality.
    by_cookie : bool
        Identified by a cookie, so that changes need proof that a page of this service asks.
    """

    id: str
    name: str
    roles: frozenset[Role]
    municipality: str | None = None
    by_cookie: bool = False
