"""A stated wish for the north, or a fear of it."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.household import WishKind
from matcher.domain.tables.array_types import BoolArray, FloatArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.domain.tables.vocabulary import LANDSDELER, number_words
from matcher.policy.pair_effect import EffectText, PairEffect

NORTH = "Nord-Norge"
LANDSDEL_WISH = number_words(WishKind)[WishKind.LANDSDEL]


@dataclass(frozen=True)
class North(PairEffect):
    """Persons who want to live in the north stay there; persons who fear the north do not.

    Many refugees fear the north and some want to go there, and today nobody asks them.
    """

    id, source = "north", "Fafo 2025:14, 4.3 and 6.4"
    size: float = 0.15
    low: float = 0.05
    high: float = 0.25

    def concerns(self, h: HouseholdTable) -> BoolArray:
        """Units that have said that they want the north or want to avoid it."""
        return np.asarray(_wish_sign(h) != 0)

    def fit_scores(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """In the north, 1 for units that want it, -1 for units that avoid it; elsewhere 0."""
        return np.asarray(_wish_sign(h)[:, None] * (m.landsdel == NORTH)[None, :])

    def describe_fit(self, household: HouseholdTable, m: MunicipalityTable, j: int) -> EffectText:
        """Report whether the north was wanted or avoided."""
        return ("wanted" if _wish_sign(household)[0] > 0 else "avoided"), {}


def _wish_sign(h: HouseholdTable) -> FloatArray:
    """1 wants the north, -1 wants to avoid it, 0 has said neither or both, shape (units,)."""
    about = (h.wishes.kind == LANDSDEL_WISH) & (h.wishes.value == LANDSDELER.index(NORTH))
    rows = np.where(about, np.where(h.wishes.wanted, 1.0, -1.0), 0.0)
    return np.sign(h.wishes.float_sum_of(rows))
