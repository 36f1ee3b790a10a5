"""A household that needs a crisis or security set-up is placed where there is one."""

from dataclasses import dataclass

from matcher.policy.rules._service import ServiceRule


@dataclass(frozen=True)
class CrisisSetupRule(ServiceRule):
    """A household that needs a crisis or security set-up is placed where there is one."""

    id, source = "crisis_setup", "Co-operation agreement on settlement, 1.5"
    protects = True
    need = "crisis_setup"
