"""Fair shares, equation (7d): large households and demanding needs spread by capacity."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.answer import Answer
from matcher.domain.needs import NEEDS
from matcher.domain.reason import Reason
from matcher.domain.tables.array_types import IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import POINTS_PER_STAYER, PiecewiseCost, SpreadTerm
from matcher.policy.terms._balance import cost_above, round_up
from matcher.policy.terms._weights import require_at_least

DEMANDING_NEEDS = ("hospital", *(need.id for need in NEEDS.values() if need.demanding))


@dataclass(frozen=True)
class FairShares(SpreadTerm):
    """A cost for each large household, and each unit with demanding needs, above a fair share.

    Each of several linked households is counted by its own size, as each needs a home of its
    own. Unaccompanied minors live in a set-up for minors and are never counted as large.

    Parameters
    ----------
    large : int
        Number of persons from which a household counts as large.
    stayers_per_household : float
        Cost of one household above the share, in expected stayers.
    """

    id, source = "fair_shares", "Equation (7d)"
    large: int = 6
    stayers_per_household: float = 0.1

    def __post_init__(self) -> None:
        require_at_least(1, large=self.large)
        require_at_least(0, stayers_per_household=self.stayers_per_household)

    def group(self, m: MunicipalityTable) -> IntArray:
        """Group of each municipality: each is its own group."""
        return np.arange(len(m))

    def use(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """Large households, and 1 for a unit with demanding needs, shape (units, 2)."""
        large = h.homes.sum_of((h.homes.beds >= self.large).astype(np.int64))
        demanding = np.any([getattr(h, need) == Answer.YES for need in DEMANDING_NEEDS], axis=0)
        return np.stack([large, demanding.astype(np.int64)], axis=1)

    def cost(self, h: HouseholdTable, m: MunicipalityTable) -> PiecewiseCost:
        """Cost above a municipality's share of the open places, in whole households, rounded up."""
        counts = self.use(h, m).sum(axis=0)
        fair = round_up(m.open[:, None] * counts[None, :], max(1, int(m.open.sum())))
        return cost_above(fair, POINTS_PER_STAYER * self.stayers_per_household)

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the large households of the unit and whether it has demanding needs."""
        large, demanding = self.use(h.take([i]), m)[0]
        return Reason("fair_shares.counts", {"large": int(large), "demanding": int(demanding)})
