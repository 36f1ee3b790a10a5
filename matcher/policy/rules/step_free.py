"""A household that needs a step-free dwelling is placed where there are such dwellings."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.reason import Reason
from matcher.domain.tables.array_types import BoolArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rules._service import UNKNOWN, YES, ServiceRule


@dataclass(frozen=True)
class StepFreeRule(ServiceRule):
    """A household that needs a step-free dwelling is placed where there are such dwellings."""

    id, source = "step_free", "Fafo 2025:14, 2.3"
    need = "step_free"

    def uncertain(self, h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
        """Mark pairs also where no free home would do, if the unknown need were there."""
        unknown = self._needed(h) == UNKNOWN
        return np.asarray(super().uncertain(h, m) | (unknown & _lacks_homes(h, m)))

    def caution(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Say that the need is unknown, and what is known to be missing."""
        if m.step_free[j] != YES:
            return super().caution(h, m, i, j)
        return Reason("step_free.no_free_home", {"municipality": str(m.name[j])})


def _lacks_homes(h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
    """Where all free homes are reported, and none that is step-free is large enough."""
    homes, largest = m.dwellings, np.zeros(len(m), dtype=np.int64)
    np.maximum.at(largest, homes.unit[homes.step_free], homes.beds[homes.step_free])
    too_small = h.homes.max_of(h.homes.beds)[:, None] > largest[None, :]
    return np.asarray(too_small & (m.reports_dwellings == YES)[None, :])
