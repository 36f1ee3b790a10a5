"""Hopes of higher education, and the travel time to the nearest place that offers it."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.answer import Answer
from matcher.domain.tables.array_types import BoolArray, FloatArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.pair_effect import (
    EffectText,
    PairEffect,
    check_positive,
    same_for_all_units,
    travel_time_fit,
)


@dataclass(frozen=True)
class StudyNearby(PairEffect):
    """Persons who hope to study, and their families, stay where higher education is near.

    Parameters
    ----------
    neutral_minutes : float
        Travel time at which the fit is 0: nobody stays or moves because of it.
    """

    id, source = "study_nearby", "Fafo 2025:14, 4.3"
    size: float = 0.10
    low: float = 0.02
    high: float = 0.20
    neutral_minutes: float = 60.0

    def __post_init__(self) -> None:
        super().__post_init__()
        check_positive("neutral_minutes", self.neutral_minutes)

    def concerns(self, h: HouseholdTable) -> BoolArray:
        """Units in which a member is known to hope to study."""
        return np.asarray(h.study_hopes == Answer.YES)

    def fit_scores(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """How near the nearest place with higher education is."""
        return same_for_all_units(h, travel_time_fit(_minutes(m), self.neutral_minutes))

    def describe_fit(self, household: HouseholdTable, m: MunicipalityTable, j: int) -> EffectText:
        """Report the travel time, estimated from coordinates."""
        minutes = round(float(_minutes(m)[j]))
        return ("minutes", {"minutes": minutes}) if minutes else ("here", {})


def _minutes(m: MunicipalityTable) -> FloatArray:
    """Minutes to the nearest place that offers it; nan where the own answer is unknown."""
    towns = m.minutes_between[:, m.higher_education == Answer.YES]
    known = np.where(np.isnan(towns), np.inf, towns).min(axis=1, initial=np.inf)
    minutes = np.where(m.higher_education == Answer.YES, 0.0, known)
    return np.where((m.higher_education == Answer.UNKNOWN) | np.isinf(minutes), np.nan, minutes)
