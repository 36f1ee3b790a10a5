"""No one who drives, and a place that needs a car."""

from dataclasses import dataclass

from matcher.domain import Answer
from matcher.stay.effects._fits import alike, lacking
from matcher.stay.pair_effect import PairEffect, Told
from matcher.tables import BoolArray, FloatArray, HouseholdTable, MunicipalityTable

ADULT = 18


@dataclass(frozen=True)
class WithoutCar(PairEffect):
    """Those in whose household no adult has a driving licence leave where a car is needed."""

    id, source = "without_car", "Fafo 2025:14, 4.3 and 6.4"
    size: float = 0.08
    low: float = 0.0
    high: float = 0.16

    def concerns(self, h: HouseholdTable) -> BoolArray:
        """Those of whom every member is known to be a child or without a licence."""
        child = (h.members.age >= 0) & (h.members.age < ADULT)
        walks = h.members.licence == Answer.NO
        return h.members.all_of(child | walks) & h.members.any_of(~child)

    def fit(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """-1 where it is known that one cannot live without a car."""
        return alike(h, lacking(m.public_transport))

    def tell(self, one: HouseholdTable, m: MunicipalityTable, j: int) -> Told:
        """Name the municipality."""
        return "stuck", {"municipality": str(m.name[j])}
