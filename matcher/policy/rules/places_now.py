"""Persons placed in a municipality stay within what it can receive now, equation (3)."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.reason import Reason
from matcher.domain.tables.array_types import IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import NO_LIMIT, Budget


@dataclass(frozen=True)
class PlacesNowBudget(Budget):
    """Persons placed stay within what the municipality says it can receive at present.

    A municipality that has not said is limited by its places this year alone.
    """

    id, source = "places_now", "Fafo 2025:14, 2.3"
    in_persons = True

    def use(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """Each person uses one place."""
        return h.size[:, None]

    def limit(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """Places at present; no limit where the municipality has not said."""
        return np.where(m.receive_now < 0, NO_LIMIT, m.receive_now)[:, None]

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the places at present and how many the unit needs."""
        facts = {"now": int(m.receive_now[j]), "size": int(h.size[i])}
        return Reason("places_now.short", {"municipality": str(m.name[j]), **facts})
