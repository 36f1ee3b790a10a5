"""A household under address protection is not placed where it must not be found."""

from dataclasses import dataclass

from matcher.domain import BanReason
from matcher.rules._ban import NotWhereBanned


@dataclass(frozen=True)
class AddressProtected(NotWhereBanned):
    """A household under address protection is not placed where it must not be found."""

    id, source = "address_protection", "Equation (2)"
    protects = True
    why = BanReason.ADDRESS_PROTECTION
