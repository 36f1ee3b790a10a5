"""A household in opioid substitution treatment (LAR) is placed where it is offered."""

from dataclasses import dataclass

from matcher.policy.rules._service import ServiceRule


@dataclass(frozen=True)
class LarRule(ServiceRule):
    """A household in opioid substitution treatment (LAR) is placed where it is offered."""

    id, source = "lar", "Fafo 2025:14, 2.3"
    need = "lar"
