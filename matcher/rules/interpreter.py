"""Who needs an interpreter comes where there is one for a language they speak."""

from dataclasses import dataclass

import numpy as np

from matcher.domain import Answer
from matcher.shapes import PairRule, Reason
from matcher.tables import BoolArray, HouseholdTable, IntArray, MunicipalityTable


@dataclass(frozen=True)
class InterpreterAtHand(PairRule):
    """Who needs an interpreter comes where there is one for a language they speak.

    Bars only where the municipality is known to have none; what is not known, the need
    included, is marked.
    """

    id, source = "interpreter", "Fafo 2025:14, 2.3"

    def allowed(self, h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
        """Allow unless someone who needs an interpreter is known to find none."""
        return self._everyone(h, self._lacking(h, m) < 1)

    def uncertain(self, h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
        """Mark pairs where the need, the language or the interpreter is not known."""
        lacking = self._lacking(h, m)
        unsure = h.members.interpreter == Answer.UNKNOWN
        perhaps = h.members.any_of(unsure[:, None] & (lacking == 1)[h.members.languages])
        return np.asarray((perhaps & self.allowed(h, m)) | ~self._everyone(h, lacking != -1))

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the languages for which there is no interpreter."""
        one = h.take([i])
        needing = one.members.interpreter == Answer.YES
        lacking = needing & (self._lacking(one, m)[one.members.languages, j] == 1)
        spoken = one.language_sets[one.members.languages[lacking]].any(axis=0)
        words = ", ".join(word for word, has in zip(m.languages, spoken, strict=True) if has)
        return Reason("interpreter.missing", {"municipality": str(m.name[j]), "languages": words})

    @staticmethod
    def _lacking(h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """1 none at hand, 0 at hand, -1 not known; shape (language sets, municipalities)."""
        sets = h.language_sets.astype(np.int64)
        at_hand = sets @ (m.interpreter == Answer.YES).T.astype(np.int64) > 0
        unsure = (sets @ (m.interpreter == Answer.UNKNOWN).T.astype(np.int64) > 0) | (
            sets.sum(axis=1) == 0
        )[:, None]
        return np.where(at_hand, 0, np.where(unsure, -1, 1))

    @staticmethod
    def _everyone(h: HouseholdTable, fine: BoolArray) -> BoolArray:
        needing = h.members.interpreter == Answer.YES
        return h.members.all_of(~needing[:, None] | fine[h.members.languages])
