"""The four shapes a hard rule or a part of the objective can have, and the reason it gives.

Lowering, score, ranking and explanation know these shapes and nothing of any rule: whatever
is written as one of them is solved, scored, ranked and explained.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np

from matcher.tables import (
    BoolArray,
    FloatArray,
    HouseholdTable,
    IntArray,
    MunicipalityTable,
    Tables,
)

Fact = str | int | float
NO_LIMIT = int(np.iinfo(np.int64).max // 4)
"""Limit of a resource that is not limited."""
STAYER = 1000.0
"""Points of one expected stayer."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule says no, or what points rest on: a code with the facts of the case.

    Parameters
    ----------
    code : str
        Names a text in every language, such as ``"lar.missing"``.
    facts : mapping of str to str, int or float
        Values for the text's placeholders. ``{effect:signed}`` writes a number with its sign
        and two decimals, three when it is tiny: +0.02.
    """

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


class Shape(ABC):
    """What every rule and term has: an identifier and a source.

    Subclasses are frozen dataclasses whose fields are the parameters a policy can set.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}
    id: ClassVar[str]
    source: ClassVar[str]

    @abstractmethod
    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Say why unit ``i`` in municipality ``j`` is refused, or what its points rest on."""

    def beside(self, others: Sequence["Shape"]) -> Self:
        """Give the shape as it works beside the others of its policy; most never look."""
        return self


class PairRule(Shape):
    """A hard rule on one unit in one municipality, equation (2).

    ``protects`` marks a rule that keeps people from harm: no reason overrides it.
    """

    protects: ClassVar[bool] = False

    @abstractmethod
    def allowed(self, h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
        """Whether each pair is allowed, broadcastable to (units, municipalities)."""

    def uncertain(self, h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
        """Whether the answer rests on something not known, broadcastable likewise."""
        return np.zeros((1, 1), dtype=np.bool_)

    def caution(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Say what is not known about unit ``i`` in municipality ``j``."""
        return Reason(f"{self.id}.unknown", {"municipality": str(m.name[j])})


class Budget(Shape):
    """A hard limit on what the units placed in a municipality use together, equation (3).

    A budget has one or more layers (sizes of dwellings, say); every layer of every group of
    municipalities is one resource. ``in_persons`` marks a budget whose one layer is persons by
    municipality: what it leaves can be shown as places.
    """

    in_persons: ClassVar[bool] = False

    @abstractmethod
    def use(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """What each unit uses of each layer wherever it is placed, shape (units, layers), >= 0."""

    def use_among(self, h: HouseholdTable, m: MunicipalityTable, queue: Tables) -> IntArray:
        """What each unit uses of the layers of a queue that need not have it.

        A budget whose layers depend on the queue says so here: prices of a queue's layers then
        hold for any household.
        """
        return self.use(h, m)

    @abstractmethod
    def limit(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """How much there is, shape (groups, layers); ``NO_LIMIT`` where it is not limited."""

    def group(self, m: MunicipalityTable) -> IntArray:
        """Group of each municipality, shape (municipalities,); each its own unless overridden."""
        return np.arange(len(m))

    def fits(self, h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
        """Whether each unit fits alone, shape (units, municipalities)."""
        use, limit = self.use(h, m), self.limit(h, m)[self.group(m)]
        if len(h) == 1:
            return np.asarray(np.all(use <= limit, axis=1)[None, :])
        kinds, kind = np.unique(use, axis=0, return_inverse=True)
        alone: BoolArray = np.all(kinds[:, None, :] <= limit[None, :, :], axis=2)
        return alone[kind.reshape(-1)]


class Term(Shape):
    """A part of the objective that adds up over pairs, equations (5), (6), (8)."""

    level: ClassVar[int] = 2

    @abstractmethod
    def points(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """Points of each pair, broadcastable to (units, municipalities)."""


@dataclass(frozen=True, eq=False)
class PiecewiseCost:
    """Convex piecewise linear costs in points of totals, one for each group and layer.

    The cost of a total ``y`` is ``base + slope * y + sum(step * max(0, y - breakpoint))``.

    Parameters
    ----------
    base, slope : float array, shape (groups, layers)
        Cost of nothing, and of the first of anything.
    breakpoint : int array, shape (groups, layers, pieces)
        Totals, not below 0 and not decreasing, where the slope grows.
    step : float array, shape (groups, layers, pieces)
        By how much it grows, not below 0.
    """

    base: FloatArray
    slope: FloatArray
    breakpoint: IntArray
    step: FloatArray


class SpreadTerm(Shape):
    """A part of the objective that is convex in totals by group, equation (7)."""

    @abstractmethod
    def group(self, m: MunicipalityTable) -> IntArray:
        """Group of each municipality, shape (municipalities,); -1 for none."""

    @abstractmethod
    def use(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """What each unit adds to the totals, shape (units, layers), >= 0."""

    def use_among(self, h: HouseholdTable, m: MunicipalityTable, queue: Tables) -> IntArray:
        """What each unit adds to the totals of a queue's layers, as :meth:`Budget.use_among`."""
        return self.use(h, m)

    @abstractmethod
    def cost(self, h: HouseholdTable, m: MunicipalityTable) -> PiecewiseCost:
        """Cost of the totals, shape (groups, layers)."""
