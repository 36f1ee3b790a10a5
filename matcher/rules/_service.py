"""What several rules share: a household that needs a service comes where it is at hand."""

from typing import ClassVar

import numpy as np

from matcher.domain import Answer
from matcher.shapes import PairRule, Reason
from matcher.tables import BoolArray, HouseholdTable, IntArray, MunicipalityTable

# As plain numbers: looking up the member of an enumeration takes longer than to compare a row.
YES, NO, UNKNOWN = int(Answer.YES), int(Answer.NO), int(Answer.UNKNOWN)


class ServiceAtHand(PairRule):
    """A need that a service must meet; a service not known to be at hand does not meet it."""

    need: ClassVar[str]
    service: ClassVar[str]

    def _needed(self, h: HouseholdTable) -> IntArray:
        needed: IntArray = getattr(h, self.need)
        return needed[:, None]

    def _at_hand(self, m: MunicipalityTable) -> IntArray:
        at_hand: IntArray = getattr(m, self.service)
        return at_hand[None, :]

    def allowed(self, h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
        """Allow where the service is at hand, and every household that is not known to need it."""
        return np.asarray((self._needed(h) != YES) | (self._at_hand(m) == YES))

    def uncertain(self, h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
        """Mark pairs where the need is not known and the service is not at hand."""
        return np.asarray((self._needed(h) == UNKNOWN) & (self._at_hand(m) != YES))

    def caution(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Say that the need is not known, and whether the service is known to be missing."""
        known = self._at_hand(m)[0, j] == NO
        code = "unknown" if known else "neither_known"
        return Reason(f"{self.id}.{code}", {"municipality": str(m.name[j])})

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Say that the service is missing, or that it is not known whether it is at hand."""
        known = self._at_hand(m)[0, j] == NO
        code = "missing" if known else "not_reported"
        return Reason(f"{self.id}.{code}", {"municipality": str(m.name[j])})
