"""Children who will soon need upper secondary school, and whether it is at hand."""

from dataclasses import dataclass

from matcher.stay.effects._fits import alike, lacking
from matcher.stay.pair_effect import PairEffect, Told
from matcher.tables import BoolArray, FloatArray, HouseholdTable, MunicipalityTable

SCHOOL_AGE = 16
"""Age at which upper secondary school begins."""


@dataclass(frozen=True)
class SchoolSoon(PairEffect):
    """Families with a child who will soon need upper secondary school leave where there is none.

    Those who attend it now are kept from such places by a hard rule; this looks ahead.

    Parameters
    ----------
    years_ahead : int
        How far ahead: 4 means children of 12 to 15.
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

    def fit(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """-1 where the school is known to be missing."""
        return alike(h, lacking(m.upper_secondary))

    def tell(self, one: HouseholdTable, m: MunicipalityTable, j: int) -> Told:
        """Name the municipality without a school and how soon one is needed."""
        return "missing", {"municipality": str(m.name[j]), "years": self.years_ahead}
