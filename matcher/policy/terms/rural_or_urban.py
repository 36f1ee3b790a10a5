"""Rural or urban background, or a wish for or against a kind of place, against centrality."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.answer import Answer
from matcher.domain.household import WishKind
from matcher.domain.tables.array_types import BoolArray, FloatArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.domain.tables.vocabulary import number_words
from matcher.policy.pair_effect import EffectText, PairEffect

WISH_CODES = number_words(WishKind)
MIDDLE_CENTRALITY, CENTRALITY_HALF_RANGE = 3.5, 2.5
"""Midpoint of the centrality classes 1 to 6, and the distance from it to class 1 or 6."""
NEUTRAL_CLASS_DISTANCE = 2.0
"""Distance in centrality classes from the wished class at which the fit becomes 0."""


@dataclass(frozen=True)
class RuralOrUrban(PairEffect):
    """Persons from the countryside stay in the countryside, persons from towns stay in towns.

    A stated wish for or against a centrality class counts instead of the background.
    """

    id, source = "rural_or_urban", "Fafo 2025:14, 4.2 and 6.4"
    size: float = 0.10
    low: float = 0.0
    high: float = 0.20

    def concerns(self, h: HouseholdTable) -> BoolArray:
        """Units whose background is known, or who have a wish about centrality."""
        return np.asarray((h.rural != Answer.UNKNOWN) | _has_centrality_wish(h))

    def fit_scores(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """Fit by wishes about centrality where there are any, else by background."""
        remote = np.where(
            m.centrality > 0, (m.centrality - MIDDLE_CENTRALITY) / CENTRALITY_HALF_RANGE, 0.0
        )
        background = np.select([h.rural == Answer.YES, h.rural == Answer.NO], [1.0, -1.0], 0.0)
        by_background = background[:, None] * remote[None, :]
        has_wish = _has_centrality_wish(h)
        by_background[has_wish] = _wish_fit(h, m)[has_wish]
        return np.asarray(by_background)

    def describe_fit(self, household: HouseholdTable, m: MunicipalityTable, j: int) -> EffectText:
        """Report the centrality class, and whether a wish or the background decides."""
        background = "rural" if household.rural[0] == Answer.YES else "urban"
        key = "wish" if _has_centrality_wish(household)[0] else background
        return key, {"centrality": int(m.centrality[j])}


def _is_centrality_wish(h: HouseholdTable) -> BoolArray:
    return np.asarray(h.wishes.kind == WISH_CODES[WishKind.CENTRALITY])


def _has_centrality_wish(h: HouseholdTable) -> BoolArray:
    return h.wishes.any_of(_is_centrality_wish(h))


def _wish_fit(h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
    """Sum over wishes about centrality, within -1 to 1, shape (units, municipalities)."""
    distance = np.abs(h.wishes.value[:, None] - m.centrality[None, :])
    wanted = np.maximum(1.0 - distance / NEUTRAL_CLASS_DISTANCE, -1.0)
    avoided = np.minimum(distance / NEUTRAL_CLASS_DISTANCE - 1.0, 0.0)
    counts = _is_centrality_wish(h)[:, None] & (m.centrality > 0)[None, :]
    rows = np.where(counts, np.where(h.wishes.wanted[:, None], wanted, avoided), 0.0)
    return np.clip(h.wishes.float_sum_of(rows), -1.0, 1.0)
