"""Persons placed in a municipality stay within its open places this year, equation (3)."""

from dataclasses import dataclass

from matcher.domain.reason import Reason
from matcher.domain.tables.array_types import IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import Budget


@dataclass(frozen=True)
class PlacesThisYearBudget(Budget):
    """Persons placed stay within decided minus settled minus promised.

    Places that a council says it could offer beyond its decision do not count.
    """

    id, source = "places_this_year", "Co-operation agreement on settlement (the council decides)"
    in_persons = True

    def use(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """Each person uses one place."""
        return h.size[:, None]

    def limit(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """Open places, never below 0."""
        return m.open[:, None]

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the open places and how many the unit needs."""
        facts = {"open": int(self.limit(h, m)[j, 0]), "size": int(h.size[i])}
        return Reason("places_this_year.short", {"municipality": str(m.name[j]), **facts})
