"""Who asks, and what they may."""

from api.access.guard import Allow, allow
from api.access.principal import Principal, Role

__all__ = ["Allow", "Principal", "Role", "allow"]
