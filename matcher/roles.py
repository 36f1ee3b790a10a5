"""Roles: what someone does, and so what they may; and what goes together."""

import re
from collections.abc import Collection
from enum import StrEnum

from matcher.errors import TreffsikkerError

NUMBER = re.compile(r"\d{4}", re.ASCII)
"""A municipality's number."""


class Role(StrEnum):
    """What someone does, and so what they may."""

    CASEWORKER = "caseworker"
    POLICY_OWNER = "policy owner"
    MUNICIPALITY = "municipality"
    OPERATOR = "operator"
    AUDITOR = "auditor"


class RoleError(TreffsikkerError, ValueError):
    """A role does not exist, or roles and a municipality do not go together."""


def checked_roles(roles: Collection[str], municipality: str | None) -> frozenset[Role]:
    """Give roles that someone can have together.

    Parameters
    ----------
    roles : collection of str
        By name, at least one.
    municipality : str or None
        Four-digit number; only, and always, with the role municipality.

    Raises
    ------
    RoleError
        When there is none, or one does not exist, or the role municipality comes without its
        municipality or with another role. A municipality sees its own alone; with another role
        it would see more.
    """
    known = {role.value: role for role in Role}
    unknown = sorted(set(roles) - known.keys())
    if unknown or not roles:
        raise RoleError(f"{', '.join(unknown) or 'no role'}: give of {', '.join(known)}")
    found = frozenset(known[role] for role in roles)
    if Role.MUNICIPALITY not in found:
        if municipality is not None:
            raise RoleError(f"municipality {municipality} goes with the role municipality alone")
        return found
    if len(found) > 1:
        raise RoleError("the role municipality goes with no other role")
    if municipality is None or not NUMBER.fullmatch(municipality):
        raise RoleError(
            f"the role municipality needs the four-digit number of one, not {municipality}"
        )
    return found
