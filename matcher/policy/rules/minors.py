"""Unaccompanied minors stay within the places decided for them, equation (3)."""

from dataclasses import dataclass

from matcher.domain.reason import Reason
from matcher.domain.tables.array_types import IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import Budget


@dataclass(frozen=True)
class MinorsBudget(Budget):
    """Unaccompanied minors stay within the places decided for them.

    They are also counted among the persons, as a decided number includes its minors.
    """

    id, source = "minors", "IMDi, request for settlement 2024"

    def use(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """Each unaccompanied minor uses one place; minors in a unit with an adult use none."""
        return h.minors[:, None]

    def limit(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """Open places for minors, never below 0."""
        return m.minors_open[:, None]

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the open places for minors and how many the unit needs."""
        facts = {"open": int(m.minors_open[j]), "minors": int(h.minors[i])}
        return Reason("minors.short", {"municipality": str(m.name[j]), **facts})
