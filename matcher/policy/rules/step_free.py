"""A household that needs a step-free dwelling is placed where there are such dwellings."""

from dataclasses import dataclass

from matcher.policy.rules._service import ServiceRule


@dataclass(frozen=True)
class StepFreeRule(ServiceRule):
    """A household that needs a step-free dwelling is placed where there are such dwellings."""

    id, source = "step_free", "Fafo 2025:14, 2.3"
    need = "step_free"
