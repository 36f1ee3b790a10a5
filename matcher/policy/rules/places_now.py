"""Persons placed in a municipality stay within what it can receive now, equation (3)."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.reason import Fact, Reason
from matcher.domain.tables.array_types import FloatArray, IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import Budget


@dataclass(frozen=True)
class PlacesNowBudget(Budget):
    """Persons placed stay within what the municipality says it can receive at present.

    One that has not said is taken to go on at its own pace: it can have so many months of it on
    their way, and those who are promised a place count among them. Its pace is what it has settled
    a month, or a twelfth of what it has decided where that is not known.

    Parameters
    ----------
    months : float
        Months of its pace that a municipality can have on their way when it has not said: about as
        long as it takes from a yes to an arrival.
    at_least : int
        Persons that even a slow one can have on their way, so that a household can come at all.
    """

    id, source = "places_now", "Fafo 2025:14, 2.3; IMDi's published figures of 2022-2024"
    in_persons = True
    months: float = 2.0
    at_least: int = 6

    def __post_init__(self) -> None:
        if self.months < 0 or self.at_least < 0:
            raise ValueError(
                f"months is {self.months} and at_least is {self.at_least}; give 0 or more"
            )

    def use(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """Each person uses one place."""
        return h.size[:, None]

    def limit(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """Places at present: as the municipality says, or what is left of its pace."""
        at_once = np.maximum(np.floor(self.months * pace(m)), self.at_least).astype(np.int64)
        unsaid = np.maximum(at_once - m.on_the_way, 0)
        return np.where(m.receive_now < 0, unsaid, m.receive_now)[:, None]

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the places at present, where that number is from, and how many the unit needs."""
        facts: dict[str, Fact] = {
            "municipality": str(m.name[j]),
            "now": int(self.limit(h, m)[j, 0]),
            "size": int(h.size[i]),
        }
        if m.receive_now[j] >= 0:
            return Reason("places_now.short", facts)
        known = not np.isnan(m.pace[j])
        return Reason(
            f"places_now.{'pace' if known else 'decided'}",
            {**facts, "pace": round(float(pace(m)[j]), 1), "promised": int(m.on_the_way[j])},
        )


def pace(m: MunicipalityTable) -> FloatArray:
    """Persons a month: as settled, else a twelfth of the decided number; (municipalities,)."""
    return np.where(np.isnan(m.pace), m.decided / 12.0, m.pace)
