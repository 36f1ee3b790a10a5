"""A person who needs an interpreter is placed where there is one for their language."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.answer import Answer
from matcher.domain.reason import Reason
from matcher.domain.tables.array_types import BoolArray, IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import PairRule


@dataclass(frozen=True)
class InterpreterRule(PairRule):
    """A person who needs an interpreter is placed where there is one for their language.

    One of the languages that the person speaks is enough. Only municipalities known to have no
    interpreter are barred, whatever the language when they have none at all; where the need, the
    language or the interpreter is unknown otherwise, the pair is marked as uncertain.
    """

    id, source = "interpreter", "Fafo 2025:14, 2.3"

    def allowed(self, h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
        """Allow pairs unless a member who needs an interpreter is known to find none."""
        return self._all_needing(h, self._lacking(h, m) < 1)

    def uncertain(self, h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
        """Mark pairs where the need, the language or the interpreter is not known."""
        lacking = self._lacking(h, m)
        unsure = h.members.interpreter == Answer.UNKNOWN
        possibly_lacking = h.members.any_of(unsure[:, None] & (lacking == 1)[h.members.languages])
        known = self._all_needing(h, lacking != -1)
        return np.asarray((possibly_lacking & self.allowed(h, m)) | ~known)

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the languages for which there is no interpreter."""
        unit = h.take([i])
        needing = unit.members.interpreter == Answer.YES
        lacking = needing & (self._lacking(unit, m)[unit.members.languages, j] == 1)
        spoken = unit.language_sets[unit.members.languages[lacking]].any(axis=0)
        words = ", ".join(w for w, is_spoken in zip(m.languages, spoken, strict=True) if is_spoken)
        if not words:
            return Reason("interpreter.none_at_all", {"municipality": str(m.name[j])})
        return Reason("interpreter.missing", {"municipality": str(m.name[j]), "languages": words})

    @staticmethod
    def _lacking(h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """Whether an interpreter is lacking, shape (language sets, municipalities).

        1 when there is none, 0 when there is one, -1 when it is not known.
        """
        sets = h.language_sets.astype(np.int64)
        at_hand = sets @ (m.interpreter == Answer.YES).T.astype(np.int64) > 0
        # Where there is no interpreter at all, it does not matter which language someone speaks.
        none_at_all = (m.interpreter == Answer.NO).all(axis=1) & (len(m.languages) > 0)
        unsure = (sets @ (m.interpreter == Answer.UNKNOWN).T.astype(np.int64) > 0) | (
            (sets.sum(axis=1) == 0)[:, None] & ~none_at_all[None, :]
        )
        return np.where(at_hand, 0, np.where(unsure, -1, 1))

    @staticmethod
    def _all_needing(h: HouseholdTable, accepted: BoolArray) -> BoolArray:
        needing = h.members.interpreter == Answer.YES
        return h.members.all_of(~needing[:, None] | accepted[h.members.languages])
