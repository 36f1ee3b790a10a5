"""A household that needs specialist care comes where it is at hand."""

from dataclasses import dataclass

from matcher.rules._service import ServiceAtHand


@dataclass(frozen=True)
class SpecialistCareAtHand(ServiceAtHand):
    """A household that needs specialist care comes where it is at hand."""

    id, source = "specialist_care", "Fafo 2025:14, 2.3"
    need, service = "specialist_care", "specialist_care"
