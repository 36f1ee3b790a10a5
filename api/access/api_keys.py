"""Keys of systems: in ``Authorization: Bearer``, looked up by their first part."""

from fastapi import Request

from api.access.principal import Principal, Role
from matcher.store.database.api_keys import key_holder


def by_api_key(request: Request) -> Principal | None:
    """Give the system that a key belongs to, None without one that holds."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key:
        return None
    found = key_holder(request.app.state.store, key, request.app.state.clock())
    if found is None:
        return None
    roles = frozenset(Role(role) for role in found.roles)
    return Principal(f"system:{found.name}", found.name, roles, found.municipality)
