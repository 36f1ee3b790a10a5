"""A family tie that must hold: the household comes to a municipality where close family lives."""

from dataclasses import dataclass

import numpy as np

from matcher.shapes import PairRule, Reason
from matcher.tables import BoolArray, HouseholdTable, MunicipalityTable


@dataclass(frozen=True)
class FamilyTieHolds(PairRule):
    """A household with ties that must hold comes to one of the municipalities they point to."""

    id, source = "family_tie", "Fafo 2025:14, 2.3"

    def allowed(self, h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
        """Allow the municipalities of the ties, and everything to households without any."""
        must = h.family.must_hold[:, None]
        here = h.family.municipality[:, None] == np.arange(len(m))[None, :]
        return ~h.family.any_of(must) | h.family.any_of(must & here)

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name where the family lives."""
        ties = h.take([i]).family
        names = ", ".join(str(m.name[k]) for k in ties.municipality[ties.must_hold])
        return Reason("family_tie.elsewhere", {"municipality": str(m.name[j]), "family": names})
