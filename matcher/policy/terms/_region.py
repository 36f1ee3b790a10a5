"""Base of the region terms: persons placed in a region against its share of decided numbers."""

from abc import abstractmethod
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
    sum_by_group,
)
from matcher.policy.terms._weights import require_at_least


@dataclass(frozen=True)
class RegionShare(SpreadTerm):
    """A cost for each person that a region is behind or ahead of its share of decided numbers.

    Parameters
    ----------
    stayers_per_person : float
        Cost of one person off the share, in expected stayers.
    slack : float
        Share of the region's target within which that cost applies; beyond it, it is higher.
    steep : float
        Factor on the cost beyond the slack, at least 1.
    """

    stayers_per_person: float = 0.02
    slack: float = 0.1
    steep: float = 2.0

    def __post_init__(self) -> None:
        require_at_least(0, stayers_per_person=self.stayers_per_person, slack=self.slack)
        require_at_least(1, steep=self.steep)

    @abstractmethod
    def region_names(self, m: MunicipalityTable) -> tuple[str, ...]:
        """Names of the regions, in the order of the groups."""

    def use(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """Each person counts as one."""
        return h.size[:, None]

    def cost(self, h: HouseholdTable, m: MunicipalityTable) -> PiecewiseCost:
        """Cost around the number of persons that brings the region to its share this year."""
        group, groups = self.group(m), len(self.region_names(m))
        decided = sum_by_group(m.decided, group, groups)
        used = sum_by_group(m.settled + m.promised, group, groups)
        total = max(1, int(decided.sum()))
        # In units of 1 / total, so that targets are rounded from whole numbers.
        target = decided * (int(used.sum()) + placeable_persons(h, m)) - used * total
        slack = share_of(self.slack, np.maximum(target, 0), total)
        rate = POINTS_PER_STAYER * self.stayers_per_person
        return cost_around(round_half_up(target, total), rate, self.steep, slack)

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the region, and how much of its decided numbers is used."""
        group, names = self.group(m), self.region_names(m)
        if group[j] < 0:
            return Reason(f"{self.id}.unknown", {"municipality": str(m.name[j])})
        in_region = group == group[j]
        facts = {
            "used": int((m.settled + m.promised)[in_region].sum()),
            "decided": int(m.decided[in_region].sum()),
        }
        return Reason(f"{self.id}.used", {"region": names[int(group[j])], **facts})
