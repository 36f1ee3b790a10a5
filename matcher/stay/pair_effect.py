"""An effect of the pair, equation (10): what a household in a municipality adds to staying."""

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
"""Where a size comes from: judged from interviews, or estimated on data."""
Told = tuple[str, Mapping[str, Fact]]
"""Key of an effect's text, with the facts of the case."""
NOTHING: Told = ("none", {})
"""What an effect tells where it has nothing to say."""
AnyShape = TypeVar("AnyShape", bound=Shape)


@dataclass(frozen=True)
class PairEffect(Term):
    """A part of the probability of staying that depends on household and municipality together.

    It is the size, times the room that the municipality leaves, times how well the two fit
    (-1 to 1). It counts for every member, as those who move tend to move together.

    Parameters
    ----------
    size : float
        Share of those who would otherwise move whom a perfect fit keeps, and whom a misfit
        sends away; 0 to 1.
    low, high : float
        Within which the size lies, with a certainty of 95 %.
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
        """Units of whom something is known that the effect is about, shape (units,)."""

    @abstractmethod
    def fit(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """How well each pair fits, -1 to 1, 0 where something is not known.

        Shape (units, municipalities). Asked only of units that the effect concerns. Sex, origin
        and ground have no say in it.
        """

    @abstractmethod
    def tell(self, one: HouseholdTable, m: MunicipalityTable, j: int) -> Told:
        """Say what the fit of a single unit in municipality ``j`` rests on, when it is not 0."""

    @property
    def error(self) -> float:
        """Standard deviation of the size; an uneven interval counts by its width."""
        return (self.high - self.low) / (2 * NORMAL_95)

    def points(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """A thousand for each expected stayer more, shape (units, municipalities).

        Nothing where an operator's own model gives the probability: it has seen the pair itself.
        """
        out, weight = np.zeros((len(h), len(m))), STAYER * self.size * self.model.room(m)
        rows, some = concerned(self, h)
        if len(rows):
            out[rows] = self.fit(some, m) * weight[None, :] * some.size[:, None]
        if h.own_probability is not None:
            out[~np.isnan(h.own_probability)] = 0.0
        return out

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the facts, and what they add to each member's probability of staying."""
        one = h.take([i])
        points = float(self.points(one, m)[0, j])
        key, facts = self.tell(one, m, j) if points else NOTHING
        added = points / STAYER / max(1, int(one.size[0]))
        return Reason(f"{self.id}.{key}", {**facts, "effect": added})

    def beside(self, others: Sequence[Shape]) -> Self:
        """Take the room from the stay model of the same policy."""
        return with_facts(self, model=model_among(others))


def effects_among(shapes: Sequence[Shape]) -> tuple[PairEffect, ...]:
    """Give the pair effects of a policy, in its order."""
    return tuple(s for s in shapes if isinstance(s, PairEffect))


def model_among(shapes: Sequence[Shape]) -> StayModel:
    """Give the stay model of a policy with its pair effects; the default one when none is named."""
    named = [s.model for s in shapes if isinstance(s, StayTerm)]
    model = named[0] if named else StayModel()
    return model.with_effects(effects_among(shapes))


class StayTerm(Term):
    """A term that counts expected stayers and so names the migration model of a policy."""

    @property
    @abstractmethod
    def model(self) -> StayModel:
        """The migration model, with the pair effects of the policy."""


def with_facts(shape: AnyShape, **facts: Any) -> AnyShape:
    """Give a copy of a shape that knows something no policy sets: what stands beside it."""
    twin = copy(shape)
    for name, value in facts.items():
        object.__setattr__(twin, name, value)
    return twin
