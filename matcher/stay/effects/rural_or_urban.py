"""Rural or urban background, or a wish for or against a kind of place, against centrality."""

from dataclasses import dataclass

import numpy as np

from matcher.domain import Answer, WishKind
from matcher.stay.pair_effect import PairEffect, Told
from matcher.tables import BoolArray, FloatArray, HouseholdTable, MunicipalityTable
from matcher.tables.vocabulary import codes

CLASSES = codes(WishKind)
MIDDLE, REACH = 3.5, 2.5
"""Between centrality classes 1 and 6, and how far it is from there to either."""
APART = 2.0
"""Classes between the one wished for and the first that is no better than any other."""


@dataclass(frozen=True)
class RuralOrUrban(PairEffect):
    """Those from the countryside stay in the countryside, those from towns in towns.

    What a household has said that it wants or wants to avoid counts instead of its background.
    """

    id, source = "rural_or_urban", "Fafo 2025:14, 4.2 and 6.4"
    size: float = 0.10
    low: float = 0.0
    high: float = 0.20

    def concerns(self, h: HouseholdTable) -> BoolArray:
        """Those whose background is known, or who have said what they want."""
        return np.asarray((h.rural != Answer.UNKNOWN) | _has_said(h))

    def fit(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """By wishes where there are any, else by background."""
        remote = np.where(m.centrality > 0, (m.centrality - MIDDLE) / REACH, 0.0)
        background = np.select([h.rural == Answer.YES, h.rural == Answer.NO], [1.0, -1.0], 0.0)
        by_background = background[:, None] * remote[None, :]
        said = _has_said(h)
        by_background[said] = _wishes(h, m)[said]
        return np.asarray(by_background)

    def tell(self, one: HouseholdTable, m: MunicipalityTable, j: int) -> Told:
        """Name the centrality class and whether a wish or the background speaks."""
        kind = "wish" if _has_said(one)[0] else "rural" if one.rural[0] == Answer.YES else "urban"
        return kind, {"centrality": int(m.centrality[j])}


def _about_centrality(h: HouseholdTable) -> BoolArray:
    return np.asarray(h.wishes.kind == CLASSES[WishKind.CENTRALITY])


def _has_said(h: HouseholdTable) -> BoolArray:
    return h.wishes.any_of(_about_centrality(h))


def _wishes(h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
    """Sum over wishes about centrality, within -1 to 1, shape (units, municipalities)."""
    off = np.abs(h.wishes.value[:, None] - m.centrality[None, :])
    wanted = np.maximum(1.0 - off / APART, -1.0)
    avoided = np.minimum(off / APART - 1.0, 0.0)
    counts = _about_centrality(h)[:, None] & (m.centrality > 0)[None, :]
    rows = np.where(counts, np.where(h.wishes.wanted[:, None], wanted, avoided), 0.0)
    return np.clip(h.wishes.total_of(rows), -1.0, 1.0)
