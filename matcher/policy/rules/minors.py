"""Unaccompanied minors stay within the places decided for them, equation (3)."""

from dataclasses import dataclass

from matcher.domain.reason import Fact
from matcher.domain.tables.array_types import IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rules.places_this_year import PlacesThisYearBudget


@dataclass(frozen=True)
class MinorsBudget(PlacesThisYearBudget):
    """Unaccompanied minors stay within the places decided for them.

    They are also counted among the persons, as a decided number includes its minors, and take the
    places of the year in which they move in.
    """

    id, source = "minors", "IMDi, request for settlement 2024"
    in_persons = False

    def amount(self, h: HouseholdTable) -> IntArray:
        """Each unaccompanied minor uses one place; minors in a unit with an adult use none."""
        return h.minors

    def places(self, m: MunicipalityTable) -> IntArray:
        """Open places for minors, of the year of the first arrivals."""
        return m.minors_open

    def places_next_year(self, m: MunicipalityTable) -> IntArray:
        """Open places for minors next year."""
        return m.minors_open_next

    def gaps(self, m: MunicipalityTable) -> tuple[IntArray, IntArray]:
        """Which number is missing of both ledgers."""
        return m.minors_gap, m.minors_gap_next

    def need(self, h: HouseholdTable, i: int) -> tuple[str, Fact]:
        """Unaccompanied minors of the unit."""
        return "minors", int(h.minors[i])
