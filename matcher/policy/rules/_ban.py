"""Base of the ban rules: a household is not placed in a municipality banned for it."""

from typing import ClassVar

import numpy as np

from matcher.domain.household import BanReason
from matcher.domain.reason import Reason
from matcher.domain.tables.array_types import BoolArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import PairRule

REASONS = tuple(BanReason)


class BanRule(PairRule):
    """Bars the municipalities that are banned for one reason, ``why``."""

    ban_reason: ClassVar[BanReason]

    def concerns(self, h: HouseholdTable) -> BoolArray:
        """Units with a municipality that is banned for this reason."""
        return h.bans.any_of(h.bans.reason == REASONS.index(self.ban_reason))

    def allowed(self, h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
        """Allow every pair that is not banned for this reason."""
        out = np.ones((len(h), len(m)), dtype=np.bool_)
        for_reason = h.bans.reason == REASONS.index(self.ban_reason)
        out[h.bans.unit[for_reason], h.bans.municipality[for_reason]] = False
        return out

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Say that the municipality is banned for the household."""
        return Reason(f"{self.id}.ruled_out", {"municipality": str(m.name[j])})
