"""Authentication of systems by the key in ``Authorization: Bearer``."""

from fastapi import Request

from api.access.principal import Principal, Role
from matcher.store.service.api_keys import find_valid_key


def authenticate_api_key(request: Request) -> Principal | None:
    """Return the system that the key belongs to, None without a valid key."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key:
        return None
    holder = find_valid_key(request.app.state.store, key, request.app.state.clock())
    if holder is None:
        return None
    roles = frozenset(Role(role) for role in holder.roles)
    return Principal(f"system:{holder.name}", holder.name, roles, holder.municipality)
