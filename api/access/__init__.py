"""Authentication and authorization: who the caller is, and what the caller may do."""

from api.access.guard import Allow, allow
from api.access.principal import Principal, Role
from api.access.shows import shows, shows_none
from api.access.trail import Shown

__all__ = ["Allow", "Principal", "Role", "Shown", "allow", "shows", "shows_none"]
