"""Waiting, equation (6): the sooner a household can move in, the better."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.reason import Reason
from matcher.domain.tables.array_types import FloatArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.move_in_days import earliest_days
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import POINTS_PER_STAYER, Term
from matcher.policy.terms._weights import require_at_least


@dataclass(frozen=True)
class Speed(Term):
    """A cost for the person-days from today until a household can move in.

    Parameters
    ----------
    person_days_per_stayer : float
        Person-days of waiting that are worth one expected stayer.
    child : float
        Weight of a child's day, where an adult's is 1.
    minor : float
        Weight of an unaccompanied minor's day, where an adult's is 1.
    """

    id, source = "speed", "Equation (6); Fafo 2025:14, 2.3"
    person_days_per_stayer: float = 90.0
    child: float = 1.5
    minor: float = 2.0

    def __post_init__(self) -> None:
        require_at_least(0.001, person_days_per_stayer=self.person_days_per_stayer)
        require_at_least(0, child=self.child, minor=self.minor)

    def points(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """Minus the weighted person-days in points, shape (units, municipalities)."""
        children = h.children - h.minors
        weight = h.size + (self.child - 1) * children + (self.minor - 1) * h.minors
        rate = POINTS_PER_STAYER / self.person_days_per_stayer
        return np.asarray(-rate * weight[:, None] * earliest_days(h, m))

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the days until the household can move in."""
        return Reason("speed.days", {"days": int(earliest_days(h.take([i]), m)[0, j])})
