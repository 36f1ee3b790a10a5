"""Follow-up at a hospital, and the travel time to the hospital."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.tables.array_types import BoolArray, FloatArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.pair_effect import EffectText, PairEffect, check_positive, travel_time_fit


@dataclass(frozen=True)
class HospitalNearby(PairEffect):
    """Persons in follow-up at a hospital, and their families, stay where the hospital is near.

    A hard rule keeps them within reach of the hospital; this effect says that nearer is better.
    Of several members, the member with the longest travel time counts.

    Parameters
    ----------
    neutral_minutes : float
        Travel time at which the fit is 0: nobody stays or moves because of it.
    """

    id, source = "hospital_nearby", "Fafo 2025:14, 4.3 and 6.4"
    size: float = 0.10
    low: float = 0.02
    high: float = 0.20
    neutral_minutes: float = 60.0

    def __post_init__(self) -> None:
        super().__post_init__()
        check_positive("neutral_minutes", self.neutral_minutes)

    def concerns(self, h: HouseholdTable) -> BoolArray:
        """Units in which a member is known to be in follow-up."""
        return np.asarray(h.hospital_needs.count > 0)

    def fit_scores(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """How near the hospital is for the member with the longest travel time."""
        return h.hospital_needs.float_min_of(travel_time_fit(_minutes(h, m), self.neutral_minutes))

    def describe_fit(self, household: HouseholdTable, m: MunicipalityTable, j: int) -> EffectText:
        """Report the longest travel time of the members."""
        minutes = round(float(np.nanmax(_minutes(household, m)[:, j])))
        return ("minutes", {"minutes": minutes}) if minutes else ("here", {})


def _minutes(h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
    """Travel time of each need to the named or the nearest hospital; nan when it is unknown."""
    nearest = np.where(np.isinf(m.nearest_hospital_minutes), np.nan, m.nearest_hospital_minutes)
    times = np.vstack([m.hospital_minutes.T, nearest[None, :]])
    # Code -1 means any hospital: it selects the last row, the nearest hospital.
    return np.asarray(times[h.hospital_needs.hospital])
