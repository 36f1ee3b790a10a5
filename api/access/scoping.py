"""Scope of municipal users: they see their municipality, and not that any other exists."""

from api.access.principal import Principal
from matcher.errors import UnknownMunicipalityError


def in_scope(principal: Principal, municipality: str | None) -> bool:
    """Return whether a caller may see what belongs to a municipality."""
    return principal.municipality is None or principal.municipality == municipality


def check_scope(principal: Principal, municipality: str) -> None:
    """Check that a caller may see a municipality.

    Raises
    ------
    UnknownMunicipalityError
        When the municipality is not the caller's; the message is the same as for a municipality
        that is not in the store.
    """
    if not in_scope(principal, municipality):
        raise UnknownMunicipalityError(f"municipality {municipality} is not in the store")
