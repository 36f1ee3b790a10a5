"""A household is not placed where the police or UDI see a danger to it."""

from dataclasses import dataclass

from matcher.domain.household import BanReason
from matcher.policy.rules._ban import BanRule


@dataclass(frozen=True)
class SecurityBanRule(BanRule):
    """A household is not placed where the police or UDI see a danger to it."""

    id, source = "security", "Equation (2)"
    protects = True
    ban_reason = BanReason.SECURITY
