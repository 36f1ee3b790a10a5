"""Roles of users and systems, which decide what they may do."""

import re
from collections.abc import Collection
from enum import StrEnum

from matcher.domain.errors import TreffsikkerError

MUNICIPALITY_NUMBER = re.compile(r"\d{4}", re.ASCII)
"""Pattern of a municipality's four-digit number."""


class Role(StrEnum):
    """The role of a user or system, which decides what it may do."""

    CASEWORKER = "caseworker"
    POLICY_OWNER = "policy owner"
    MUNICIPALITY = "municipality"
    OPERATOR = "operator"
    AUDITOR = "auditor"


class RoleError(TreffsikkerError, ValueError):
    """A role does not exist, or the roles and the municipality cannot be combined."""


def parse_roles(roles: Collection[str], municipality: str | None) -> frozenset[Role]:
    """Convert names to roles, and check that one user can have all of them.

    Parameters
    ----------
    roles : collection of str
        Names of the roles, at least one.
    municipality : str or None
        Four-digit number; required with the role municipality, not allowed without it.

    Raises
    ------
    RoleError
        When there is no role, when a role does not exist, or when the role municipality has no
        municipality or is combined with another role. A municipality sees only its own
        households; with another role it would see more.
    """
    known = {role.value: role for role in Role}
    unknown = sorted(set(roles) - known.keys())
    if unknown or not roles:
        raise RoleError(f"{', '.join(unknown) or 'no role'}: give of {', '.join(known)}")
    checked = frozenset(known[role] for role in roles)
    if Role.MUNICIPALITY not in checked:
        if municipality is not None:
            raise RoleError(f"municipality {municipality} goes with the role municipality alone")
        return checked
    if len(checked) > 1:
        raise RoleError("the role municipality goes with no other role")
    if municipality is None or not MUNICIPALITY_NUMBER.fullmatch(municipality):
        raise RoleError(
            f"the role municipality needs the four-digit number of one, not {municipality}"
        )
    return checked
