"""What several rules share: a household does not come to a municipality that is ruled out."""

from typing import ClassVar

import numpy as np

from matcher.domain import BanReason
from matcher.shapes import PairRule, Reason
from matcher.tables import BoolArray, HouseholdTable, MunicipalityTable

REASONS = tuple(BanReason)


class NotWhereBanned(PairRule):
    """Bars the municipalities that are ruled out for one reason."""

    why: ClassVar[BanReason]

    def allowed(self, h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
        """Allow every pair that is not ruled out for this reason."""
        out = np.ones((len(h), len(m)), dtype=np.bool_)
        mine = h.bans.reason == REASONS.index(self.why)
        out[h.bans.unit[mine], h.bans.municipality[mine]] = False
        return out

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Say that the municipality is ruled out."""
        return Reason(f"{self.id}.ruled_out", {"municipality": str(m.name[j])})
