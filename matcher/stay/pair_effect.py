"""Pair effects, equation (10): what a household in a certain municipality adds to staying."""

import math
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self, TypeVar

import numpy as np

from matcher.shapes import STAYER, Fact, Reason, Shape, Term
from matcher.stay.model import NORMAL_95, StayModel, concerned
from matcher.tables import BoolArray, FloatArray, HouseholdTable, MunicipalityTable

Basis = Literal["expert prior", "estimated"]
"""Source of a size: judged from interviews, or estimated on data."""
Told = tuple[str, Mapping[str, Fact]]
"""Key of an effect's text, with the facts that the text names."""
NOTHING: Told = ("none", {})
"""Text of an effect whose fit is 0."""
AnyShape = TypeVar("AnyShape", bound=Shape)


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
    def fit(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """How well each pair fits, -1 to 1, 0 where a fact is unknown.

        Shape (units, municipalities). Called only with units that the effect concerns. The fit
        must not depend on sex, origin or ground.
        """

    @abstractmethod
    def tell(self, one: HouseholdTable, m: MunicipalityTable, j: int) -> Told:
        """Report the facts behind the fit, not 0, of one unit in municipality ``j``."""

    @property
    def error(self) -> float:
        """Standard deviation of the size, from the width of the interval."""
        return (self.high - self.low) / (2 * NORMAL_95)

    def points(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """A thousand points for each additional expected stayer, shape (units, municipalities).

        0 where an operator's own model gives the probability: that model already includes the pair.
        """
        out, weight = np.zeros((len(h), len(m))), STAYER * self.size * self.model.room(m)
        rows, concerned_units = concerned(self, h)
        if len(rows):
            out[rows] = (
                self.fit(concerned_units, m) * weight[None, :] * concerned_units.size[:, None]
            )
        if h.own_probability is not None:
            out[~np.isnan(h.own_probability)] = 0.0
        return out

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Return the facts, and what they add to each member's probability of staying."""
        household = h.take([i])
        points = float(self.points(household, m)[0, j])
        key, facts = self.tell(household, m, j) if points else NOTHING
        added = points / STAYER / max(1, int(household.size[0]))
        return Reason(f"{self.id}.{key}", {**facts, "effect": added})

    def beside(self, others: Sequence[Shape]) -> Self:
        """Return a copy that uses the stay model of the same policy."""
        return with_facts(self, model=model_among(others))


def effects_among(shapes: Sequence[Shape]) -> tuple[PairEffect, ...]:
    """Return the pair effects of a policy, in the order of the policy."""
    return tuple(s for s in shapes if isinstance(s, PairEffect))


def model_among(shapes: Sequence[Shape]) -> StayModel:
    """Return the stay model of a policy with its pair effects; the default if none is named."""
    named = [s.model for s in shapes if isinstance(s, StayTerm)]
    model = named[0] if named else StayModel()
    return model.with_effects(effects_among(shapes))


class StayTerm(Term):
    """A term that counts expected stayers; it decides the migration model of a policy."""

    @property
    @abstractmethod
    def model(self) -> StayModel:
        """The migration model, with the pair effects of the policy."""


def with_facts(shape: AnyShape, **facts: Any) -> AnyShape:
    """Return a copy of a rule or term with attributes that come from the rest of its policy."""
    twin = copy(shape)
    for name, value in facts.items():
        object.__setattr__(twin, name, value)
    return twin
