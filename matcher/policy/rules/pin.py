"""A household that a caseworker has pinned is placed in that municipality, equation (4)."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.reason import Reason
from matcher.domain.tables.array_types import BoolArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import PairRule


@dataclass(frozen=True)
class PinRule(PairRule):
    """A household that a caseworker has pinned is placed in that municipality."""

    id, source = "pin", "Equation (4)"

    def concerns(self, h: HouseholdTable) -> BoolArray:
        """Units that are pinned."""
        return np.asarray(h.pinned_to != -1)

    def allowed(self, h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
        """Allow the pinned municipality, and all to households without a pin."""
        pinned_here = h.pinned_to[:, None] == np.arange(len(m))[None, :]
        return np.asarray((h.pinned_to == -1)[:, None] | pinned_here)

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the pinned municipality, or say that linked households have different pins."""
        row = int(h.pinned_to[i])
        if row < 0:
            return Reason("pin.apart", {})
        return Reason("pin.elsewhere", {"pinned_to": str(m.name[row])})
