"""A household with a member ready for upper secondary school is placed where there is one."""

from dataclasses import dataclass

from matcher.policy.rules._service import ServiceRule


@dataclass(frozen=True)
class UpperSecondaryRule(ServiceRule):
    """A household with a member ready for upper secondary school is placed where there is one."""

    id, source = "upper_secondary", "Fafo 2025:14, 2.3"
    need = "upper_secondary"
