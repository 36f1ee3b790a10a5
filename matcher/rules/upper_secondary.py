"""A household with a member ready for upper secondary school is placed where there is one."""

from dataclasses import dataclass

from matcher.rules._service import ServiceAtHand


@dataclass(frozen=True)
class UpperSecondaryNow(ServiceAtHand):
    """A household with a member ready for upper secondary school is placed where there is one."""

    id, source = "upper_secondary", "Fafo 2025:14, 2.3"
    need, service = "upper_secondary", "upper_secondary"
