"""Authentication and authorization: who the caller is, and what the caller may do."""

from api.access.audit import DisclosureRecorder
from api.access.disclosure import discloses, discloses_none
from api.access.guard import RoleGuard, allow
from api.access.principal import Principal, Role

__all__ = [
    "DisclosureRecorder",
    "Principal",
    "Role",
    "RoleGuard",
    "allow",
    "discloses",
    "discloses_none",
]
