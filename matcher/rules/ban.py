"""A household is not placed in a municipality that a caseworker has banned."""

from dataclasses import dataclass

from matcher.domain import BanReason
from matcher.rules._ban import NotWhereBanned


@dataclass(frozen=True)
class BanStands(NotWhereBanned):
    """A household is not placed in a municipality that a caseworker has banned."""

    id, source = "ban", "Equation (2)"
    why = BanReason.CASEWORKER
