"""Stated wishes for and against places, as points of their own."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.answer import Answer
from matcher.domain.reason import Reason
from matcher.domain.tables.array_types import BoolArray, FloatArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.met_wishes import met_wishes
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import POINTS_PER_STAYER, Term
from matcher.policy.terms._weights import require_at_least


@dataclass(frozen=True)
class Wishes(Term):
    """A bonus for each wish for a place that is met, and a cost for each place to avoid.

    Every wish is answered in ranking and report, whatever it weighs. IMDi sees wishes as outside
    its mandate, so the weight is 0 until someone who answers for it has set another and is named.
    The effects ``north`` and ``rural_or_urban`` are apart from this: they are about who stays.

    Parameters
    ----------
    stayers_per_wish : float
        Expected stayers that one met wish is worth, for a household of any size.
    owner : str
        Who has decided that wishes weigh this much; needed for a weight above 0.
    """

    id, source = "wishes", "Fafo 2025:14, 2.3"
    stayers_per_wish: float = 0.0
    owner: str = ""

    def __post_init__(self) -> None:
        require_at_least(0, stayers_per_wish=self.stayers_per_wish)
        if self.stayers_per_wish and not self.owner.strip():
            raise ValueError(
                f"stayers_per_wish is {self.stayers_per_wish}; name who has decided this as owner"
            )

    def concerns(self, h: HouseholdTable) -> BoolArray:
        """Units that have stated a wish; none while wishes weigh nothing."""
        return np.asarray((h.wishes.count > 0) & (self.stayers_per_wish > 0))

    def points(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """Points of wishes met minus places to avoid, shape (units, municipalities)."""
        return POINTS_PER_STAYER * self.stayers_per_wish * _balance(h, m)

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name how many wishes are met, and how many places to avoid this is."""
        unit = h.take([i])
        met, wanted = met_wishes(unit, m)[:, j], unit.wishes.wanted
        facts = {
            "stated": len(met),
            "met": int((wanted & (met == Answer.YES)).sum()),
            "avoided": int((~wanted & (met == Answer.NO)).sum()),
        }
        return Reason("wishes.counted" if len(met) else "wishes.none", facts)


def _balance(h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
    """Wishes for a place that are met minus those against it that are not."""
    met, wanted = met_wishes(h, m), h.wishes.wanted[:, None]
    rows = (wanted & (met == Answer.YES)) * 1.0 - (~wanted & (met == Answer.NO)) * 1.0
    return h.wishes.float_sum_of(rows)
