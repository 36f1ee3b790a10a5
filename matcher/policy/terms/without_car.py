"""Households without a driver, and municipalities where a car is needed."""

from dataclasses import dataclass

from matcher.domain.answer import Answer
from matcher.domain.tables.array_types import BoolArray, FloatArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.pair_effect import (
    EffectText,
    PairEffect,
    missing_service_fit,
    same_for_all_units,
)

ADULT = 18


@dataclass(frozen=True)
class WithoutCar(PairEffect):
    """Households in which no adult has a driving licence move away where a car is needed."""

    id, source = "without_car", "Fafo 2025:14, 4.3 and 6.4"
    size: float = 0.08
    low: float = 0.0
    high: float = 0.16

    def concerns(self, h: HouseholdTable) -> BoolArray:
        """Units with an adult in which every member is known to be a child or without a licence."""
        child = (h.members.age >= 0) & (h.members.age < ADULT)
        walks = h.members.licence == Answer.NO
        return h.members.all_of(child | walks) & h.members.any_of(~child)

    def fit_scores(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """-1 where public transport is known not to be enough to live without a car, else 0."""
        return same_for_all_units(h, missing_service_fit(m.public_transport))

    def describe_fit(self, household: HouseholdTable, m: MunicipalityTable, j: int) -> EffectText:
        """Report the municipality."""
        return "stuck", {"municipality": str(m.name[j])}
