"""A household under address protection is not placed where it must not be found."""

from dataclasses import dataclass

from matcher.domain.household import BanReason
from matcher.policy.rules._ban import BanRule


@dataclass(frozen=True)
class AddressProtectionRule(BanRule):
    """A household under address protection is not placed where it must not be found."""

    id, source = "address_protection", "Equation (2)"
    protects = True
    ban_reason = BanReason.ADDRESS_PROTECTION
