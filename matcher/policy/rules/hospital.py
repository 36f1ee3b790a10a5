"""A household in follow-up at a hospital is placed within reach of it."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.answer import Answer
from matcher.domain.reason import Fact, Reason
from matcher.domain.tables.array_types import BoolArray, FloatArray, IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import PairRule


@dataclass(frozen=True)
class HospitalRule(PairRule):
    """A household in follow-up at a hospital is placed within reach of it.

    Parameters
    ----------
    minutes : int
        Longest travel time for persons who have not stated a limit of their own.
    """

    id, source = "hospital", "Fafo 2025:14, 2.3 and 6.4"
    minutes: int = 90

    def __post_init__(self) -> None:
        if self.minutes <= 0:
            raise ValueError(f"minutes is {self.minutes}; give a travel time above 0")

    def concerns(self, h: HouseholdTable) -> BoolArray:
        """Units in follow-up at a hospital, and those of which that is not known."""
        return np.asarray((h.hospital_needs.count > 0) | (h.hospital == Answer.UNKNOWN))

    def allowed(self, h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
        """Allow pairs where every member in follow-up reaches the hospital in time."""
        limit = self._limit(h)
        return h.hospital_needs.all_of(self._minutes(h, m) <= limit[:, None])

    def uncertain(self, h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
        """Mark pairs that are too far from a hospital, if the need for one is unknown."""
        far = m.nearest_hospital_minutes > self.minutes
        return np.asarray((h.hospital == Answer.UNKNOWN)[:, None] & far[None, :])

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the hospital that is too far, the travel time and its limit."""
        needs = h.take([i])
        minutes, limit = self._minutes(needs, m)[:, j], self._limit(needs)
        beyond = np.where(np.isnan(minutes), np.inf, minutes) - limit
        worst = int(np.argmax(beyond))
        column = self._column(needs, m, worst, j)
        if column < 0 or np.isnan(minutes[worst]):
            return Reason("hospital.no_travel_time", {"municipality": str(m.name[j])})
        facts: dict[str, Fact] = {
            "municipality": str(m.name[j]),
            "hospital": m.hospitals[column],
            "minutes": int(minutes[worst]),
            "limit": int(limit[worst]),
        }
        supplied = bool(m.hospital_supplied[j, column])
        return Reason("hospital.far" if supplied else "hospital.far_estimated", facts)

    def _limit(self, h: HouseholdTable) -> IntArray:
        stated = h.hospital_needs.minutes
        return np.where(stated < 0, self.minutes, stated)

    def _minutes(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """Travel time for each need from each municipality, shape (needs, municipalities)."""
        hospital = h.hospital_needs.hospital
        times = np.vstack([m.hospital_minutes.T, m.nearest_hospital_minutes[None, :]])
        return np.asarray(times[np.where(hospital < 0, len(m.hospitals), hospital)])

    @staticmethod
    def _column(h: HouseholdTable, m: MunicipalityTable, need: int, j: int) -> int:
        named_hospital = int(h.hospital_needs.hospital[need])
        if named_hospital >= 0 or np.isnan(m.hospital_minutes[j]).all():
            return named_hospital
        return int(np.nanargmin(m.hospital_minutes[j]))
