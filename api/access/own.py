"""A municipality's own users see their municipality, and of others not even what there is."""

from api.access.principal import Principal
from matcher.errors import UnknownMunicipalityError


def sees(who: Principal, municipality: str | None) -> bool:
    """Whether someone may see what belongs to a municipality."""
    return who.municipality is None or who.municipality == municipality


def check_own(who: Principal, municipality: str) -> None:
    """Make sure that someone may see a municipality.

    Raises
    ------
    UnknownMunicipalityError
        When it is not theirs; told as if it were not there.
    """
    if not sees(who, municipality):
        raise UnknownMunicipalityError(f"municipality {municipality} is not in the store")
