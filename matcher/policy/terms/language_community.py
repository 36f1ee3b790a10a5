"""A community that speaks a language of the household."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.tables.array_types import BoolArray, FloatArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.pair_effect import EffectText, PairEffect, check_positive


@dataclass(frozen=True)
class LanguageCommunity(PairEffect):
    """Persons who find a community that speaks their language stay.

    The policies of the project do not use this effect: it would let language decide where
    people live.

    Parameters
    ----------
    persons : int
        Number of speakers from which additional speakers make no difference.
    """

    id, source = "language_community", "Fafo 2025:14, 4.3"
    size: float = 0.08
    low: float = 0.0
    high: float = 0.16
    persons: int = 50

    def __post_init__(self) -> None:
        super().__post_init__()
        check_positive("persons", self.persons)

    def concerns(self, h: HouseholdTable) -> BoolArray:
        """Units in which a language of a member is known."""
        return np.asarray(_spoken(h).any(axis=1))

    def fit_scores(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """From 0 without known speakers of the household's languages to 1 with enough."""
        sets, which = np.unique(_spoken(h), axis=0, return_inverse=True)
        speakers = (sets[:, None, :] * m.communities[None, :, :]).max(axis=2, initial=0)
        return np.asarray(np.minimum(speakers / self.persons, 1.0)[which.reshape(-1)])

    def describe_fit(self, household: HouseholdTable, m: MunicipalityTable, j: int) -> EffectText:
        """Report the speakers in the municipality of the household's most common language."""
        return "speakers", {"persons": int(m.communities[j][_spoken(household)[0]].max())}


def _spoken(h: HouseholdTable) -> BoolArray:
    """Languages that a member speaks, shape (units, languages)."""
    return h.members.any_of(h.language_sets[h.members.languages])
