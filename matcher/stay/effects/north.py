"""A stated wish for the north, or a fear of it."""

from dataclasses import dataclass

import numpy as np

from matcher.domain import WishKind
from matcher.stay.pair_effect import PairEffect, Told
from matcher.tables import BoolArray, FloatArray, HouseholdTable, MunicipalityTable
from matcher.tables.vocabulary import LANDSDELER, codes

NORTH = "Nord-Norge"
LANDSDEL = codes(WishKind)[WishKind.LANDSDEL]


@dataclass(frozen=True)
class North(PairEffect):
    """Those who want to go north stay there; those who are afraid of it do not.

    Many fear it and some long for it, and nobody asks them today.
    """

    id, source = "north", "Fafo 2025:14, 4.3 and 6.4"
    size: float = 0.15
    low: float = 0.05
    high: float = 0.25

    def concerns(self, h: HouseholdTable) -> BoolArray:
        """Those who have said that they want it or want to avoid it."""
        return np.asarray(_will(h) != 0)

    def fit(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """1 in the north for those who want it, -1 for those who want to avoid it."""
        return np.asarray(_will(h)[:, None] * (m.landsdel == NORTH)[None, :])

    def tell(self, one: HouseholdTable, m: MunicipalityTable, j: int) -> Told:
        """Say which of the two it is."""
        return ("wanted" if _will(one)[0] > 0 else "avoided"), {}


def _will(h: HouseholdTable) -> FloatArray:
    """1 wants it, -1 wants to avoid it, 0 has not said or says both, shape (units,)."""
    about = (h.wishes.kind == LANDSDEL) & (h.wishes.value == LANDSDELER.index(NORTH))
    rows = np.where(about, np.where(h.wishes.wanted, 1.0, -1.0), 0.0)
    return np.sign(h.wishes.total_of(rows))
