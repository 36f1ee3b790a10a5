"""Close family in the municipality or within reach."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.tables.array_types import BoolArray, FloatArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.pair_effect import EffectText, PairEffect, check_positive, travel_time_fit


@dataclass(frozen=True)
class FamilyNearby(PairEffect):
    """Persons with close family in the municipality or within reach stay.

    Parameters
    ----------
    reach_minutes : float
        Travel time from which family no longer counts as near.
    """

    id, source = "family_nearby", "Fafo 2025:14, 2.3 and 4.2"
    size: float = 0.20
    low: float = 0.05
    high: float = 0.35
    reach_minutes: float = 60.0

    def __post_init__(self) -> None:
        super().__post_init__()
        check_positive("reach_minutes", self.reach_minutes)

    def concerns(self, h: HouseholdTable) -> BoolArray:
        """Units whose close family is known to live in a municipality of the country."""
        return np.asarray(h.family.count > 0)

    def fit_scores(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """1 where family lives, falling to 0 out of reach; the nearest family counts."""
        fit = np.maximum(travel_time_fit(_minutes(h, m), self.reach_minutes), 0.0)
        return h.family.float_max_of(fit)

    def describe_fit(self, household: HouseholdTable, m: MunicipalityTable, j: int) -> EffectText:
        """Report where the nearest family lives, and the travel time."""
        minutes = _minutes(household, m)[:, j]
        nearest = int(np.nanargmin(minutes))
        residence = int(household.family.municipality[nearest])
        if residence == j:
            return "here", {"municipality": str(m.name[j])}
        return "near", {"family": str(m.name[residence]), "minutes": round(float(minutes[nearest]))}


def _minutes(h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
    """Minutes from each tie to each municipality, shape (ties, municipalities); nan: unknown."""
    same_place = h.family.municipality[:, None] == np.arange(len(m))[None, :]
    return np.where(same_place, 0.0, m.minutes_between[h.family.municipality])
