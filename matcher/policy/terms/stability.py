"""Stability, equation (8): open proposals are kept unless a change gains enough."""

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
    """A bonus for keeping the municipality of an earlier, still open proposal.

    Parameters
    ----------
    threshold : float
        Points that a change must gain for a household before it is made.
    """

    id, source = "stability", "Equation (8)"
    threshold: float = 150.0

    def __post_init__(self) -> None:
        require_at_least(0, threshold=self.threshold)

    def points(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """The threshold where the earlier proposal is kept, shape (units, municipalities)."""
        return np.asarray(self.threshold * (h.earlier[:, None] == np.arange(len(m))[None, :]))

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the municipality of the earlier proposal."""
        row = int(h.earlier[i])
        if row < 0:
            return Reason("stability.none", {})
        return Reason(
            "stability.kept" if row == j else "stability.moved", {"was": str(m.name[row])}
        )
