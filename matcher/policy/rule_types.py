"""The four types of rules and terms, and the reasons that they return.

Lowering, score, ranking and explanation depend on these types only, never on a single rule:
a new subclass of one of them is solved, scored, ranked and explained.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from matcher.domain.reason import Reason
from matcher.domain.tables.array_types import BoolArray, FloatArray, IntArray
from matcher.domain.tables.build import Tables
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable

NO_LIMIT = int(np.iinfo(np.int64).max // 4)
"""Limit of a budget where there is no limit."""
POINTS_PER_STAYER = 1000.0
"""Points of one expected stayer."""


class RuleType(ABC):
    """Base of every rule and term: an identifier and a source.

    Subclasses are frozen dataclasses whose fields are the parameters a policy can set.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}
    id: ClassVar[str]
    source: ClassVar[str]

    @abstractmethod
    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Say why unit ``i`` is barred from municipality ``j``, or what its points depend on."""

    def concerns(self, h: HouseholdTable) -> BoolArray:
        """Units that the rule or term can affect, by default all, shape (units,).

        A pair rule allows every other unit everywhere with certainty, and a term gives it 0 points
        everywhere, so that ranking need not ask.
        """
        return np.ones(len(h), dtype=np.bool_)

    def link_to_policy(self, rules_and_terms: Sequence["RuleType"]) -> Self:
        """Return the rule or term as it works together with the other ones of its policy.

        Most depend on no other rule or term and return themselves.

        Parameters
        ----------
        rules_and_terms : sequence of RuleType
            All rules and terms of the policy.
        """
        return self


class PairRule(RuleType):
    """A hard rule on a unit in a municipality, equation (2).

    ``protects`` marks a rule that protects people from harm: a caseworker cannot override it.
    """

    protects: ClassVar[bool] = False

    @abstractmethod
    def allowed(self, h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
        """Whether each pair is allowed, broadcastable to (units, municipalities)."""

    def uncertain(self, h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
        """Whether the answer depends on an unknown fact, of the same shape as ``allowed``."""
        return np.zeros((1, 1), dtype=np.bool_)

    def caution(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Say what is unknown about unit ``i`` in municipality ``j``."""
        return Reason(f"{self.id}.unknown", {"municipality": str(m.name[j])})


class Budget(RuleType):
    """A hard limit on what all units placed in a municipality use together, equation (3).

    A budget has one or more layers, such as sizes of dwellings; each layer has a limit in each
    group of municipalities. ``in_persons`` marks a budget that counts the persons in each
    municipality: what remains of it can be shown as places.
    """

    in_persons: ClassVar[bool] = False

    @property
    def homes_within(self) -> int | None:
        """Days within which a home must be free to count; None for a budget of other things."""
        return None

    def without_rule(self, rule: str) -> Self:
        """Return the budget as it is in a policy without another rule; most return themselves.

        Parameters
        ----------
        rule : str
            Identifier of the other rule.
        """
        return self

    @abstractmethod
    def use(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """What each placed unit uses, in any municipality; shape (units, layers), at least 0."""

    def use_in_queue(self, h: HouseholdTable, m: MunicipalityTable, queue: Tables) -> IntArray:
        """What each unit uses of the layers of a queue, in which the unit need not be.

        A budget whose layers depend on the queue overrides this method, so that the prices of
        a queue's layers apply to any household.
        """
        return self.use(h, m)

    @abstractmethod
    def limit(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """How much there is to use, shape (groups, layers); ``NO_LIMIT`` where it has no limit."""

    def layers_for(self, h: HouseholdTable, m: MunicipalityTable, next_year: bool) -> list[int]:
        """Layers that a unit uses which can move this year, or cannot; by default the only one."""
        return [0]

    def group(self, m: MunicipalityTable) -> IntArray:
        """Group of each municipality, shape (municipalities,); by default each is its own."""
        return np.arange(len(m))

    def fits(self, h: HouseholdTable, m: MunicipalityTable) -> BoolArray:
        """Whether each unit, alone, is within the limits; shape (units, municipalities)."""
        use, limit = self.use(h, m), self.limit(h, m)[self.group(m)]
        if len(h) == 1:
            return np.asarray(np.all(use <= limit, axis=1)[None, :])
        distinct_uses, use_of_unit = np.unique(use, axis=0, return_inverse=True)
        within: BoolArray = np.all(distinct_uses[:, None, :] <= limit[None, :, :], axis=2)
        return within[use_of_unit.reshape(-1)]


class Term(RuleType):
    """A part of the objective that is a sum over pairs, equations (5), (6), (8)."""

    level: ClassVar[int] = 2

    @abstractmethod
    def points(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """Points of each pair, broadcastable to (units, municipalities)."""


@dataclass(frozen=True, eq=False)
class PiecewiseCost:
    """Convex piecewise linear costs of totals in points, one for each group and layer.

    The cost of a total ``y`` is ``base + slope * y + sum(step * max(0, y - breakpoint))``.

    Parameters
    ----------
    base, slope : float array, shape (groups, layers)
        Cost of a total of 0, and slope from 0.
    breakpoint : int array, shape (groups, layers, pieces)
        Totals at which the slope increases; at least 0 and not decreasing.
    step : float array, shape (groups, layers, pieces)
        By how much the slope increases, at least 0.
    """

    base: FloatArray
    slope: FloatArray
    breakpoint: IntArray
    step: FloatArray


class SpreadTerm(RuleType):
    """A part of the objective that is convex in totals by group, equation (7)."""

    @abstractmethod
    def group(self, m: MunicipalityTable) -> IntArray:
        """Group of each municipality, shape (municipalities,); -1 for none."""

    @abstractmethod
    def use(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """What each unit adds to the totals, shape (units, layers), >= 0."""

    def use_in_queue(self, h: HouseholdTable, m: MunicipalityTable, queue: Tables) -> IntArray:
        """What each unit adds to the totals of a queue's layers; see :meth:`Budget.use_among`."""
        return self.use(h, m)

    @abstractmethod
    def cost(self, h: HouseholdTable, m: MunicipalityTable) -> PiecewiseCost:
        """Cost of the totals, shape (groups, layers)."""
