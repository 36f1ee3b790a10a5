"""Expected stayers, equation (5): where a household is likely to want to stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Self

import numpy as np

from matcher.domain.reason import Reason
from matcher.domain.tables.array_types import FloatArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.pair_effect import (
    PairEffect,
    StayTerm,
    copy_with_attributes,
    select_pair_effects,
)
from matcher.policy.rule_types import POINTS_PER_STAYER, RuleType
from matcher.stay.coefficients import Horizon
from matcher.stay.model import StayModel


@dataclass(frozen=True)
class Stay(StayTerm):
    """Expected stayers among the members, in thousandths.

    Effects of sex, age, origin, ground and household type are the same in every municipality.
    They are left out, so that they decide neither where a household is placed nor who is
    placed first.

    Parameters
    ----------
    years : 5 or 7
        Horizon: staying within so many years.
    """

    id, source = "stay", "Equation (5); Fafo 2025:14, table 4"
    effects: ClassVar[tuple[PairEffect, ...]] = ()
    years: Literal[5, 7] = 7

    @property
    def model(self) -> StayModel:
        """The migration model for the horizon, with the pair effects of the policy."""
        return StayModel(Horizon(f"{self.years}y"), self.effects)

    def link_to_policy(self, rules_and_terms: Sequence[RuleType]) -> Self:
        """Return a copy that uses the pair effects of the same policy in its reasons."""
        return copy_with_attributes(self, effects=select_pair_effects(rules_and_terms))

    def points(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """A thousand points for each expected stayer, shape (units, municipalities)."""
        stay = self.model.reference_stay(m)[None, :]
        if h.own_probability is not None:
            stay = np.where(np.isnan(h.own_probability), stay, _centre(h.own_probability, stay))
        return np.asarray(POINTS_PER_STAYER * h.size[:, None] * stay)

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the mean probability of staying and its interval, or say why there is none."""
        unit = h.take([i])
        if unit.own_probability is not None and not np.isnan(unit.own_probability[0, j]):
            percent = round(100 * float(unit.own_probability[0, j]))
            return Reason("stay.own_model", {"percent": percent, "years": self.years})
        prediction = self.model.predict(unit, m)
        if np.isnan(prediction.probability[0, j]):
            return Reason("stay.nothing_known", {"years": self.years})
        facts = {
            "percent": round(100 * float(prediction.probability[0, j])),
            "low": round(100 * float(prediction.low[0, j])),
            "high": round(100 * float(prediction.high[0, j])),
            "years": self.years,
        }
        outside = bool(prediction.outside_range[0])
        return Reason("stay.outside_range" if outside else "stay.probability", facts)


def _centre(probability: FloatArray, reference: FloatArray) -> FloatArray:
    """Shift each household's own probabilities so that their mean is the reference person's."""
    known = ~np.isnan(probability)
    count = np.maximum(known.sum(axis=1, keepdims=True), 1)
    mean = np.where(known, probability, 0).sum(axis=1, keepdims=True) / count
    target = np.where(known, reference, 0).sum(axis=1, keepdims=True) / count
    return np.asarray(probability - mean + target)
