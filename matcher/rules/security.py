"""A household is not placed where the police or UDI see a danger to it."""

from dataclasses import dataclass

from matcher.domain import BanReason
from matcher.rules._ban import NotWhereBanned


@dataclass(frozen=True)
class SecurityKept(NotWhereBanned):
    """A household is not placed where the police or UDI see a danger to it."""

    id, source = "security", "Equation (2)"
    protects = True
    why = BanReason.SECURITY
