"""Plan adherence, equation (7a): every municipality uses the same share of its decision."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.reason import Reason
from matcher.domain.tables.array_types import IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import POINTS_PER_STAYER, PiecewiseCost, SpreadTerm
from matcher.policy.terms._balance import (
    cost_around,
    placeable_persons,
    round_half_up,
    share_of,
)
from matcher.policy.terms._weights import require_at_least


@dataclass(frozen=True)
class PlanAdherence(SpreadTerm):
    """A cost for each person that a municipality is behind or ahead of the country's pace.

    The pace is the share of the decided number that is used.

    Parameters
    ----------
    stayers_per_person : float
        Cost of one person off the pace, in expected stayers.
    slack : float
        Share of the decided number within which that cost applies; beyond it, it is higher.
    steep : float
        Factor on the cost beyond the slack, at least 1.
    """

    id, source = "plan_adherence", "Equation (7a)"
    stayers_per_person: float = 0.03
    slack: float = 0.1
    steep: float = 2.0

    def __post_init__(self) -> None:
        require_at_least(0, stayers_per_person=self.stayers_per_person, slack=self.slack)
        require_at_least(1, steep=self.steep)

    def group(self, m: MunicipalityTable) -> IntArray:
        """Group of each municipality: its own, -1 where nothing is decided."""
        return np.where(m.decided > 0, np.arange(len(m)), -1)

    def use(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """Each person counts as one."""
        return h.size[:, None]

    def cost(self, h: HouseholdTable, m: MunicipalityTable) -> PiecewiseCost:
        """Cost around the number of persons at which the municipality keeps the pace."""
        used = m.settled + m.promised
        decided = max(1, int(m.decided.sum()))
        placed = min(int(used.sum()) + placeable_persons(h, m), decided)
        # In units of 1 / decided, so that targets are rounded from whole numbers.
        target = round_half_up(m.decided * placed - used * decided, decided)
        rate = POINTS_PER_STAYER * self.stayers_per_person
        return cost_around(target, rate, self.steep, share_of(self.slack, m.decided))

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the decided number of the municipality, and how much of it is used."""
        used = int(m.settled[j] + m.promised[j])
        return Reason("plan_adherence.used", {"used": used, "decided": int(m.decided[j])})
