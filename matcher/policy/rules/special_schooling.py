"""A household with a child who needs special schooling is placed where it is offered."""

from dataclasses import dataclass

from matcher.policy.rules._service import ServiceRule


@dataclass(frozen=True)
class SpecialSchoolingRule(ServiceRule):
    """A household with a child who needs special schooling is placed where it is offered."""

    id, source = "special_schooling", "Settlement criteria 2024 (services for children)"
    need = "special_schooling"
