"""Base of the region terms: persons placed in a region against its share of decided numbers."""

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np

from matcher.shapes import STAYER, PiecewiseCost, Reason, SpreadTerm
from matcher.tables import HouseholdTable, IntArray, MunicipalityTable
from matcher.terms._balance import around, expected_placed, group_sums
from matcher.terms._weights import at_least


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
        at_least(0, stayers_per_person=self.stayers_per_person, slack=self.slack)
        at_least(1, steep=self.steep)

    @abstractmethod
    def names(self, m: MunicipalityTable) -> tuple[str, ...]:
        """Names of the regions, in the order of the groups."""

    def use(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """Each person counts as one."""
        return h.size[:, None]

    def cost(self, h: HouseholdTable, m: MunicipalityTable) -> PiecewiseCost:
        """Cost around the number of persons that brings the region to its share this year."""
        group, groups = self.group(m), len(self.names(m))
        decided = group_sums(m.decided, group, groups)
        used = group_sums(m.settled + m.promised, group, groups)
        share = decided / max(1.0, decided.sum())
        target = share * (used.sum() + expected_placed(h, m)) - used
        rate = STAYER * self.stayers_per_person
        return around(target, rate, self.steep, self.slack * np.maximum(target, 0))

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the region, and how much of its decided numbers is used."""
        group, names = self.group(m), self.names(m)
        if group[j] < 0:
            return Reason(f"{self.id}.unknown", {"municipality": str(m.name[j])})
        in_region = group == group[j]
        facts = {
            "used": int((m.settled + m.promised)[in_region].sum()),
            "decided": int(m.decided[in_region].sum()),
        }
        return Reason(f"{self.id}.used", {"region": names[int(group[j])], **facts})
