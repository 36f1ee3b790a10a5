"""Isolation by language, the opposite of concentration, equation (7c)."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.reason import Reason
from matcher.domain.tables.array_types import FloatArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import POINTS_PER_STAYER, Term
from matcher.policy.terms._weights import require_at_least


@dataclass(frozen=True)
class AloneInLanguage(Term):
    """A cost for each person placed where almost nobody speaks any of their languages.

    Off in the default policy, for the same reason as concentration.

    Parameters
    ----------
    persons : int
        A community of fewer persons counts as none.
    stayers_per_person : float
        Cost of one person, in expected stayers.
    """

    id, source = "alone_in_language", "Equation (7c); Fafo 2025:14, 4.3"
    persons: int = 5
    stayers_per_person: float = 0.03

    def __post_init__(self) -> None:
        require_at_least(0, persons=self.persons, stayers_per_person=self.stayers_per_person)

    def points(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """Minus the cost of members without a community, shape (units, municipalities)."""
        sets = h.language_sets
        has_community = (
            sets.astype(np.int64) @ (m.communities >= self.persons).T.astype(np.int64) > 0
        )
        has_community[~sets.any(axis=1)] = True
        isolated = h.members.sum_of((~has_community[h.members.languages]).astype(np.int64))
        return np.asarray(-POINTS_PER_STAYER * self.stayers_per_person * isolated)

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the largest community that speaks one of the unit's languages."""
        spoken = h.language_sets[h.take([i]).members.languages].any(axis=0)
        speakers = int(m.communities[j][spoken].max(initial=0))
        return Reason("alone_in_language.community", {"persons": speakers})
