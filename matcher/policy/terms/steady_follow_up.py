"""Close follow-up, and a municipality that settles refugees every year."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.answer import Answer
from matcher.domain.needs import NEEDS
from matcher.domain.tables.array_types import BoolArray, FloatArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.pair_effect import (
    EffectText,
    PairEffect,
    missing_service_fit,
    same_for_all_units,
)

CLOSE_FOLLOW_UP = tuple(need.id for need in NEEDS.values() if need.close_follow_up)


@dataclass(frozen=True)
class SteadyFollowUp(PairEffect):
    """Persons who need close follow-up move away from municipalities that settle with breaks.

    The effect of continuity on everyone is in table 4 and is an effect of the municipality. This
    pair effect is what continuity means in addition for persons who need specialist care,
    special-needs schooling or a crisis set-up, and for unaccompanied minors.
    """

    id, source = "steady_follow_up", "Fafo 2025:14, 6.4, and the continuity of table 4"
    size: float = 0.05
    low: float = 0.0
    high: float = 0.10

    def concerns(self, h: HouseholdTable) -> BoolArray:
        """Units known to need close follow-up."""
        needs = np.stack([getattr(h, need) for need in CLOSE_FOLLOW_UP])
        return np.asarray((needs == Answer.YES).any(axis=0) | (h.minors > 0))

    def fit_scores(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """-1 where the municipality is known not to settle continuously."""
        return same_for_all_units(h, missing_service_fit(m.continuous))

    def describe_fit(self, household: HouseholdTable, m: MunicipalityTable, j: int) -> EffectText:
        """Report the municipality."""
        return "breaks", {"municipality": str(m.name[j])}
