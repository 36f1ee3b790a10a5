"""A family tie that must hold: the household comes to a municipality where close family lives."""

from dataclasses import dataclass

import numpy as np

from matcher.shapes import PairRule, Reason
from matcher.tables import BoolArray, HouseholdTable, MunicipalityTable


@dataclass(frozen=True)
class FamilyTieHolds(PairRule):
    """A household with ties that must hold comes to one of the municipalities they point to.

    One of a household's ties is enough; of linked households, each must have one.
    """

    id, source = "family_tie", "Fafo 2025:14, 2.3"

    def allowed(self, h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
        """Allow the municipalities of the ties, and everything to households without any."""
        ties, out = h.family, np.ones((len(h), len(m)), dtype=np.bool_)
        here = ties.municipality[:, None] == np.arange(len(m))[None, :]
        for household in np.unique(ties.household):
            must = (ties.must_hold & (ties.household == household))[:, None]
            out &= ~ties.any_of(must) | ties.any_of(must & here)
        return out

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name where the family lives."""
        ties = h.take([i]).family
        names = ", ".join(str(m.name[k]) for k in ties.municipality[ties.must_hold])
        return Reason("family_tie.elsewhere", {"municipality": str(m.name[j]), "family": names})
