"""Pair effects, equation (10): what a household in a certain municipality adds to staying."""

import math
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self, TypeVar

import numpy as np

from matcher.domain.answer import Answer
from matcher.domain.reason import Fact, Reason
from matcher.domain.tables.array_types import BoolArray, FloatArray, IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import POINTS_PER_STAYER, RuleType, Term
from matcher.stay.model import NORMAL_95, StayModel, select_concerned

Basis = Literal["expert prior", "estimated"]
"""Source of a size: judged from interviews, or estimated on data."""
EffectText = tuple[str, Mapping[str, Fact]]
"""Key of an effect's text, with the facts that the text names."""
NO_EFFECT_TEXT: EffectText = ("none", {})
"""Text of an effect whose fit is 0."""
AnyShape = TypeVar("AnyShape", bound=RuleType)


@dataclass(frozen=True)
class PairEffect(Term):
    """A part of the probability of staying that depends on household and municipality together.

    The part is a product: the size, the share of reference persons who would move from the
    municipality, and how well household and municipality fit (-1 to 1). The part counts for every
    member, because members of a household tend to move together.

    Parameters
    ----------
    size : float
        Share of the persons who would otherwise move that a perfect fit makes stay, and share
        that a misfit makes move; 0 to 1.
    low, high : float
        Interval within which the size lies with a probability of 95 %.
    basis : "expert prior" or "estimated"
        Whether the size is judged from interviews or estimated on data.
    """

    model: ClassVar[StayModel] = StayModel()
    size: float = 0.0
    low: float = 0.0
    high: float = 0.0
    basis: Basis = "expert prior"

    def __post_init__(self) -> None:
        numbers = (self.low, self.size, self.high)
        if not (all(map(math.isfinite, numbers)) and self.low <= self.size <= self.high):
            raise ValueError(
                f"size is {self.size} and the interval {self.low} to {self.high}; "
                "give low and high around the size"
            )
        if not 0 <= self.size <= 1:
            raise ValueError(f"size is {self.size}; give a share from 0 to 1")

    @abstractmethod
    def concerns(self, h: HouseholdTable) -> BoolArray:
        """Units with known facts that the effect is about, shape (units,)."""

    @abstractmethod
    def fit_scores(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """How well each pair fits, -1 to 1, 0 where a fact is unknown.

        Shape (units, municipalities). Called only with units that the effect concerns. The fit
        must not depend on sex, origin or ground.
        """

    @abstractmethod
    def describe_fit(self, household: HouseholdTable, m: MunicipalityTable, j: int) -> EffectText:
        """Report the facts behind the fit, not 0, of one unit in municipality ``j``."""

    @property
    def standard_error(self) -> float:
        """Standard deviation of the size, from the width of the interval."""
        return (self.high - self.low) / (2 * NORMAL_95)

    def points(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """A thousand points for each additional expected stayer, shape (units, municipalities).

        0 where an operator's own model gives the probability: that model already includes the pair.
        """
        out, weight = (
            np.zeros((len(h), len(m))),
            POINTS_PER_STAYER * self.size * self.model.reference_moving(m),
        )
        rows, concerned_units = select_concerned(self, h)
        if len(rows):
            out[rows] = (
                self.fit_scores(concerned_units, m)
                * weight[None, :]
                * concerned_units.size[:, None]
            )
        if h.own_probability is not None:
            out[~np.isnan(h.own_probability)] = 0.0
        return out

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Return the facts, and what they add to each member's probability of staying."""
        household = h.take([i])
        points = float(self.points(household, m)[0, j])
        key, facts = self.describe_fit(household, m, j) if points else NO_EFFECT_TEXT
        added = points / POINTS_PER_STAYER / max(1, int(household.size[0]))
        return Reason(f"{self.id}.{key}", {**facts, "effect": added})

    def link_to_policy(self, rules_and_terms: Sequence[RuleType]) -> Self:
        """Return a copy that uses the stay model of the same policy."""
        return copy_with_attributes(self, model=build_stay_model(rules_and_terms))


def select_pair_effects(rule_types: Sequence[RuleType]) -> tuple[PairEffect, ...]:
    """Return the pair effects of a policy, in the order of the policy."""
    return tuple(s for s in rule_types if isinstance(s, PairEffect))


def build_stay_model(rule_types: Sequence[RuleType]) -> StayModel:
    """Return the stay model of a policy with its pair effects; the default if none is named."""
    named = [s.model for s in rule_types if isinstance(s, StayTerm)]
    model = named[0] if named else StayModel()
    return model.with_effects(select_pair_effects(rule_types))


class StayTerm(Term):
    """A term that counts expected stayers; it decides the migration model of a policy."""

    @property
    @abstractmethod
    def model(self) -> StayModel:
        """The migration model, with the pair effects of the policy."""


def copy_with_attributes(shape: AnyShape, **facts: Any) -> AnyShape:
    """Return a copy of a rule or term with attributes that come from the rest of its policy."""
    twin = copy(shape)
    for name, value in facts.items():
        object.__setattr__(twin, name, value)
    return twin


def travel_time_fit(minutes: FloatArray, neutral: float) -> FloatArray:
    """Fit of a travel time: 1 next door, 0 at ``neutral`` minutes, -1 from twice that.

    0 where the travel time is unknown; -1 where it is infinite.
    """
    fit = np.clip(1.0 - minutes / neutral, -1.0, 1.0)
    return np.asarray(np.where(np.isnan(fit), 0.0, fit))


def missing_service_fit(service: IntArray) -> FloatArray:
    """Fit of a service that most municipalities have: -1 where known to be missing, else 0."""
    return np.asarray(np.where(service == Answer.NO, -1.0, 0.0))


def same_for_all_units(h: HouseholdTable, fit: FloatArray) -> FloatArray:
    """Repeat the fit of each municipality for every unit, shape (units, municipalities)."""
    return np.broadcast_to(fit, (len(h), len(fit)))


def check_positive(parameter: str, value: float) -> None:
    """Check that a parameter is above 0; the message names the parameter.

    Raises
    ------
    ValueError
        When the value is not above 0.
    """
    if not value > 0:
        raise ValueError(f"{parameter} is {value}; give a number above 0")
