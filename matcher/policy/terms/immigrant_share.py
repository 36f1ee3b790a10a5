"""Placements where the immigrant share is above the policy's threshold, equation (7c)."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.reason import Reason
from matcher.domain.tables.array_types import FloatArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import POINTS_PER_STAYER, Term
from matcher.policy.terms._weights import require_at_least


@dataclass(frozen=True)
class ImmigrantShare(Term):
    """A cost for each person placed where the immigrant share is above a threshold.

    Parameters
    ----------
    per_cent : float
        The threshold, in per cent of the population.
    stayers_per_person : float
        Cost of one person, in expected stayers.
    """

    id, source = "immigrant_share", "Equation (7c); settlement criteria 2020"
    per_cent: float = 25.0
    stayers_per_person: float = 0.05

    def __post_init__(self) -> None:
        require_at_least(0, per_cent=self.per_cent, stayers_per_person=self.stayers_per_person)

    def points(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """Minus the cost where the share is above the threshold, 0 elsewhere or if unknown."""
        above = np.nan_to_num(m.immigrant_share, nan=0.0) > self.per_cent
        return np.asarray(
            -POINTS_PER_STAYER * self.stayers_per_person * h.size[:, None] * above[None, :]
        )

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the share and the threshold."""
        share = float(m.immigrant_share[j])
        if np.isnan(share):
            return Reason("immigrant_share.unknown", {})
        return Reason("immigrant_share.share", {"share": round(share, 1), "limit": self.per_cent})
