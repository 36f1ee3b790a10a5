"""A household does not come where a caseworker has ruled it out."""

from dataclasses import dataclass

from matcher.domain import BanReason
from matcher.rules._ban import NotWhereBanned


@dataclass(frozen=True)
class BanStands(NotWhereBanned):
    """A household does not come where a caseworker has ruled it out."""

    id, source = "ban", "Equation (2)"
    why = BanReason.CASEWORKER
