"""Scope of municipal users: they see their municipality, and not that any other exists."""

from api.access.principal import Principal
from matcher.errors import UnknownMunicipalityError


def sees(who: Principal, municipality: str | None) -> bool:
    """Return whether a caller may see what belongs to a municipality."""
    return who.municipality is None or who.municipality == municipality


def check_own(who: Principal, municipality: str) -> None:
    """Check that a caller may see a municipality.

    Raises
    ------
    UnknownMunicipalityError
        When the municipality is not the caller's; the message is the same as for a municipality
        that is not in the store.
    """
    if not sees(who, municipality):
        raise UnknownMunicipalityError(f"municipality {municipality} is not in the store")
