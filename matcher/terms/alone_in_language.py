"""Being the only one of one's language, the opposite of concentration, equation (7c)."""

from dataclasses import dataclass

import numpy as np

from matcher.shapes import STAYER, Reason, Term
from matcher.tables import FloatArray, HouseholdTable, MunicipalityTable
from matcher.terms._weights import at_least


@dataclass(frozen=True)
class AloneInLanguage(Term):
    """A cost for each person who comes where nearly no one speaks any language of theirs.

    Off in the default policy, for the same reason as concentration.

    Parameters
    ----------
    persons : int
        A community of fewer than this counts as none.
    stayers_per_person : float
        Cost of one person, in expected stayers.
    """

    id, source = "alone_in_language", "Equation (7c); Fafo 2025:14, 4.3"
    persons: int = 5
    stayers_per_person: float = 0.03

    def __post_init__(self) -> None:
        at_least(0, persons=self.persons, stayers_per_person=self.stayers_per_person)

    def points(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """Minus the cost of members without a community, shape (units, municipalities)."""
        sets = h.language_sets
        company = sets.astype(np.int64) @ (m.communities >= self.persons).T.astype(np.int64) > 0
        company[~sets.any(axis=1)] = True
        without = h.members.sum_of((~company[h.members.languages]).astype(np.int64))
        return np.asarray(-STAYER * self.stayers_per_person * without)

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name how many speak one of the unit's languages there."""
        spoken = h.language_sets[h.take([i]).members.languages].any(axis=0)
        there = int(m.communities[j][spoken].max(initial=0))
        return Reason("alone_in_language.community", {"persons": there})
