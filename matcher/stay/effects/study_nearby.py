"""Hopes of higher education, and how far it is to where it is offered."""

from dataclasses import dataclass

import numpy as np

from matcher.domain import Answer
from matcher.stay.effects._fits import alike, near, positive
from matcher.stay.pair_effect import PairEffect, Told
from matcher.tables import BoolArray, FloatArray, HouseholdTable, MunicipalityTable


@dataclass(frozen=True)
class StudyNearby(PairEffect):
    """Those who hope to study, and their families, stay where they can.

    Parameters
    ----------
    neutral_minutes : float
        Travel time that neither keeps anyone nor sends anyone away.
    """

    id, source = "study_nearby", "Fafo 2025:14, 4.3"
    size: float = 0.10
    low: float = 0.02
    high: float = 0.20
    neutral_minutes: float = 60.0

    def __post_init__(self) -> None:
        super().__post_init__()
        positive("neutral_minutes", self.neutral_minutes)

    def concerns(self, h: HouseholdTable) -> BoolArray:
        """Those of whom it is known that a member hopes to study."""
        return np.asarray(h.study_hopes == Answer.YES)

    def fit(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """How near it is."""
        return alike(h, near(_minutes(m), self.neutral_minutes))

    def tell(self, one: HouseholdTable, m: MunicipalityTable, j: int) -> Told:
        """Name the travel time, estimated from coordinates."""
        minutes = round(float(_minutes(m)[j]))
        return ("minutes", {"minutes": minutes}) if minutes else ("here", {})


def _minutes(m: MunicipalityTable) -> FloatArray:
    """To the nearest town that is known to have it; unknown where a place has not said."""
    towns = m.minutes_between[:, m.higher_education == Answer.YES]
    known = np.where(np.isnan(towns), np.inf, towns).min(axis=1, initial=np.inf)
    own = np.where(m.higher_education == Answer.YES, 0.0, known)
    return np.where((m.higher_education == Answer.UNKNOWN) | np.isinf(own), np.nan, own)
