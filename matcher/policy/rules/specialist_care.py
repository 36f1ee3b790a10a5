"""A household that needs specialist care is placed where it is offered."""

from dataclasses import dataclass

from matcher.policy.rules._service import ServiceRule


@dataclass(frozen=True)
class SpecialistCareRule(ServiceRule):
    """A household that needs specialist care is placed where it is offered."""

    id, source = "specialist_care", "Fafo 2025:14, 2.3"
    need = "specialist_care"
