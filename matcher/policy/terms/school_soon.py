"""Children who will soon need upper secondary school, and whether the municipality has one."""

from dataclasses import dataclass

from matcher.domain.tables.array_types import BoolArray, FloatArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.pair_effect import (
    EffectText,
    PairEffect,
    missing_service_fit,
    same_for_all_units,
)

SCHOOL_AGE = 16
"""Age at which upper secondary school begins."""


@dataclass(frozen=True)
class SchoolSoon(PairEffect):
    """Families with a child who soon needs upper secondary school move away where there is none.

    A hard rule bars such places for those who attend the school today; this effect looks ahead.

    Parameters
    ----------
    years_ahead : int
        How many years ahead: 4 means children of 12 to 15.
    """

    id, source = "school_soon", "Fafo 2025:14, 2.3 and 4.3"
    size: float = 0.15
    low: float = 0.05
    high: float = 0.30
    years_ahead: int = 4

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 1 <= self.years_ahead <= SCHOOL_AGE:
            raise ValueError(f"years_ahead is {self.years_ahead}; give 1 to {SCHOOL_AGE} years")

    def concerns(self, h: HouseholdTable) -> BoolArray:
        """Families with such a child."""
        age = h.members.age
        return h.members.any_of((age >= SCHOOL_AGE - self.years_ahead) & (age < SCHOOL_AGE))

    def fit_scores(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """-1 where the municipality is known to have no upper secondary school, else 0."""
        return same_for_all_units(h, missing_service_fit(m.upper_secondary))

    def describe_fit(self, household: HouseholdTable, m: MunicipalityTable, j: int) -> EffectText:
        """Report the municipality without a school, and in how many years it is needed."""
        return "missing", {"municipality": str(m.name[j]), "years": self.years_ahead}
