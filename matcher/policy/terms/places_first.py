"""Level 1: as many weighted persons as possible are placed, before points count."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.reason import Reason
from matcher.domain.tables.array_types import FloatArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import Term
from matcher.policy.terms._weights import require_at_least

DAYS_PER_WEEK = 7


@dataclass(frozen=True)
class PlacesFirst(Term):
    """Persons placed; children and households past their deadline have a higher weight.

    Parameters
    ----------
    per_week_overdue : float
        Weight added for each full week past the deadline.
    most_weeks : int
        Largest number of weeks past the deadline that counts.
    child, minor : float
        Weight added for each person under 18, and added again for an unaccompanied minor.
    """

    id, source = "places_first", "2-model, level 1; Fafo 2025:14, 2.3 (children wait worst)"
    level = 1
    per_week_overdue: float = 0.05
    most_weeks: int = 40
    child: float = 0.25
    minor: float = 0.5

    def __post_init__(self) -> None:
        require_at_least(0, per_week_overdue=self.per_week_overdue, most_weeks=self.most_weeks)
        require_at_least(0, child=self.child, minor=self.minor)

    def points(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """Weighted persons of each unit, the same in every municipality, shape (units, 1)."""
        weeks = np.minimum(h.days_overdue // DAYS_PER_WEEK, self.most_weeks)
        extra = self.child * h.children + self.minor * h.minors
        return np.asarray(h.size * (1 + self.per_week_overdue * weeks) + extra)[:, None]

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the persons, the children and the days past the deadline."""
        facts = {"size": int(h.size[i]), "children": int(h.children[i])}
        return Reason("places_first.weight", {**facts, "overdue": int(h.days_overdue[i])})
