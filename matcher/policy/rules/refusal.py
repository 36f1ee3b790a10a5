"""A household is not proposed again to a municipality that said no to it."""

from dataclasses import dataclass

from matcher.domain.household import BanReason
from matcher.policy.rules._ban import BanRule


@dataclass(frozen=True)
class MunicipalityRefusalRule(BanRule):
    """A household is not proposed again to a municipality that said no to it."""

    id, source = "refusal", "Fafo 2025:14, 2.3"
    ban_reason = BanReason.REFUSED
