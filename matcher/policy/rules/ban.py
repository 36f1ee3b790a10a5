"""A household is not placed in a municipality that a caseworker has banned."""

from dataclasses import dataclass

from matcher.domain.household import BanReason
from matcher.policy.rules._ban import BanRule


@dataclass(frozen=True)
class CaseworkerBanRule(BanRule):
    """A household is not placed in a municipality that a caseworker has banned."""

    id, source = "ban", "Equation (2)"
    ban_reason = BanReason.CASEWORKER
