"""Stability, equation (8): what was proposed or suggested is kept unless a change gains enough."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.reason import Reason
from matcher.domain.tables.array_types import FloatArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import Term
from matcher.policy.terms._weights import require_at_least


@dataclass(frozen=True)
class Stability(Term):
    """A bonus for keeping the municipality of an open proposal, or of last night's suggestion.

    Parameters
    ----------
    threshold : float
        Points that a change of an open proposal must gain before it is made.
    suggestion_threshold : float
        Points that a change of last night's suggestion must gain. Nobody outside has heard of a
        suggestion, so that less is enough.
    """

    id, source = "stability", "Equation (8)"
    threshold: float = 150.0
    suggestion_threshold: float = 40.0

    def __post_init__(self) -> None:
        require_at_least(
            0, threshold=self.threshold, suggestion_threshold=self.suggestion_threshold
        )

    def points(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """The threshold where the last named municipality is kept, (units, municipalities)."""
        rows = np.arange(len(m))[None, :]
        proposed, suggested = (row[:, None] == rows for row in (h.earlier, h.suggested))
        return np.asarray(self.threshold * proposed + self.suggestion_threshold * suggested)

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the municipality of the open proposal, or of last night's suggestion."""
        proposed, suggested = int(h.earlier[i]), int(h.suggested[i])
        if proposed < 0 and suggested < 0:
            return Reason("stability.none", {})
        if proposed < 0:
            key = "suggested" if suggested == j else "suggested_elsewhere"
            return Reason(f"stability.{key}", {"was": str(m.name[suggested])})
        key = "kept" if proposed == j else "moved"
        return Reason(f"stability.{key}", {"was": str(m.name[proposed])})
