"""Who asks: a person who has logged in, or a system with a key."""

from dataclasses import dataclass

from matcher.roles import Role

__all__ = ["Principal", "Role"]


@dataclass(frozen=True, slots=True)
class Principal:
    """Someone who asks.

    Parameters
    ----------
    id : str
        As it stands in events and the audit log: ``person:…`` or ``system:…``.
    name : str
        For people to read.
    roles : frozenset of Role
        At least one.
    municipality : str or None
        Four-digit number; whose user this is, and all that it sees. Only, and always, with the
        role municipality.
    by_cookie : bool
        Known by a cookie, so that changes need proof that the page asked for them.
    """

    id: str
    name: str
    roles: frozenset[Role]
    municipality: str | None = None
    by_cookie: bool = False
