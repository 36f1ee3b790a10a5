"""A household with a family tie that must hold is placed where close family lives."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.reason import Reason
from matcher.domain.tables.array_types import BoolArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import PairRule


@dataclass(frozen=True)
class FamilyTieRule(PairRule):
    """A household with ties that must hold is placed in the municipality of one of them.

    One of the ties is enough; each of several linked households must have one of its own.
    """

    id, source = "family_tie", "Fafo 2025:14, 2.3"

    def concerns(self, h: HouseholdTable) -> BoolArray:
        """Units with a tie that must hold."""
        return h.family.any_of(h.family.must_hold)

    def allowed(self, h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
        """Allow the municipalities of the ties, and all to households without such ties."""
        ties, out = h.family, np.ones((len(h), len(m)), dtype=np.bool_)
        in_municipality = ties.municipality[:, None] == np.arange(len(m))[None, :]
        for household in np.unique(ties.household):
            must = (ties.must_hold & (ties.household == household))[:, None]
            out &= ~ties.any_of(must) | ties.any_of(must & in_municipality)
        return out

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the municipalities where the family lives."""
        ties = h.take([i]).family
        names = ", ".join(str(m.name[k]) for k in ties.municipality[ties.must_hold])
        return Reason("family_tie.elsewhere", {"municipality": str(m.name[j]), "family": names})
