"""Base of the service rules: a household is placed where the service that it needs exists."""

from typing import ClassVar

import numpy as np

from matcher.domain.answer import Answer
from matcher.domain.needs import NEEDS
from matcher.domain.reason import Reason
from matcher.domain.tables.array_types import BoolArray, IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import PairRule

# Plain integers: looking up an enumeration member takes longer than comparing a row.
YES, NO, UNKNOWN = int(Answer.YES), int(Answer.NO), int(Answer.UNKNOWN)


class ServiceRule(PairRule):
    """A need that a service must meet; an unknown service does not meet it.

    ``need`` is the name of an entry of :mod:`matcher.domain.needs`, which is the name of a column
    of the household table and of the municipality table.

    Raises
    ------
    ValueError
        When a rule names a need that is not in the list.
    """

    need: ClassVar[str]

    def __init_subclass__(cls) -> None:
        if cls.need not in NEEDS:
            raise ValueError(f"{cls.__name__}: {cls.need!r} is not in matcher.domain.needs")

    def _needed(self, h: HouseholdTable) -> IntArray:
        needed: IntArray = getattr(h, self.need)
        return needed[:, None]

    def _at_hand(self, m: MunicipalityTable) -> IntArray:
        at_hand: IntArray = getattr(m, self.need)
        return at_hand[None, :]

    def concerns(self, h: HouseholdTable) -> BoolArray:
        """Units that need the service, and those whose need is unknown."""
        return np.asarray(getattr(h, self.need) != NO)

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
