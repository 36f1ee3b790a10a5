"""Base of the service rules: a household is placed where the service that it needs exists."""

from typing import ClassVar

import numpy as np

from matcher.domain import Answer
from matcher.domain.reason import Reason
from matcher.domain.tables import BoolArray, HouseholdTable, IntArray, MunicipalityTable
from matcher.policy.rule_types import PairRule

# Plain integers: looking up an enumeration member takes longer than comparing a row.
YES, NO, UNKNOWN = int(Answer.YES), int(Answer.NO), int(Answer.UNKNOWN)


class ServiceRule(PairRule):
    """A need that a service must meet; an unknown service does not meet it.

    ``need`` and ``service`` name columns of the household and the municipality table.
    """

    need: ClassVar[str]
    service: ClassVar[str]

    def _needed(self, h: HouseholdTable) -> IntArray:
        needed: IntArray = getattr(h, self.need)
        return needed[:, None]

    def _at_hand(self, m: MunicipalityTable) -> IntArray:
        at_hand: IntArray = getattr(m, self.service)
        return at_hand[None, :]

    def allowed(self, h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
        """Allow pairs where the service is at hand or the household is not known to need it."""
        return np.asarray((self._needed(h) != YES) | (self._at_hand(m) == YES))

    def uncertain(self, h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
        """Mark pairs where the need is unknown and the service is not known to be at hand."""
        return np.asarray((self._needed(h) == UNKNOWN) & (self._at_hand(m) != YES))

    def caution(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Say that the need is unknown, and whether the service is known to be missing."""
        missing = self._at_hand(m)[0, j] == NO
        code = "unknown" if missing else "neither_known"
        return Reason(f"{self.id}.{code}", {"municipality": str(m.name[j])})

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Say that the service is missing, or that it is not known whether it exists."""
        missing = self._at_hand(m)[0, j] == NO
        code = "missing" if missing else "not_reported"
        return Reason(f"{self.id}.{code}", {"municipality": str(m.name[j])})
