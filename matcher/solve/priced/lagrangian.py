"""The Lagrangian dual: an upper bound on the value of every plan, for any prices.

Every unit takes the option with the largest value less its price. Limits and spread costs are
valued at the same prices. By weak duality the sum is an upper bound, whatever the prices are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.domain.tables.array_types import BoolArray, FloatArray, IntArray
from matcher.problem.prices import Prices
from matcher.problem.program import STEPS_PER_POINT, Resource, Spread
from matcher.solve.level_problem import LevelProblem
from matcher.solve.priced.pricing import PricingProblem, build_tolls

FLOW_TOLERANCE = 1e-7
"""Flows of at most so many units count as zero."""


@dataclass(frozen=True, eq=False)
class Relaxation:
    """Solved LP relaxation of one level.

    Parameters
    ----------
    prices : Prices
    bound : float
        Proven upper bound of the level in thousandths, over all pairs.
    reduced_values : float array, shape (classes, municipalities)
        Points that the bound loses for each unit of a class that goes to a municipality, as a
        number at or below 0; minus infinity where the pair is closed.
    flows : float array, shape (classes, municipalities)
        Units of each class that the LP's solution sends to each municipality; zeros before the
        LP is solved.
    """

    prices: Prices
    bound: float
    reduced_values: FloatArray
    flows: FloatArray

    @property
    def used_pairs(self) -> BoolArray:
        """Pairs with a flow in the LP's solution, shape (classes, municipalities)."""
        return np.asarray(self.flows > FLOW_TOLERANCE)


@dataclass(frozen=True, eq=False)
class LagrangianDual:
    """The dual of one level as a function of the prices.

    Parameters
    ----------
    level_problem : LevelProblem
    pricing : PricingProblem
        Pricing of one unit of each class.
    """

    level_problem: LevelProblem
    pricing: PricingProblem

    @classmethod
    def of(cls, level_problem: LevelProblem) -> "LagrangianDual":
        """Prepare the dual of a level."""
        first = level_problem.columns.classes.representative
        floor = np.where(level_problem.hold.required_units[first], -np.inf, 0.0)
        return cls(
            level_problem,
            PricingProblem.of(level_problem.columns.program, first, floor, level_problem.level),
        )

    def evaluate(self, prices: Prices) -> Relaxation:
        """Return bound and reduced values at any prices; the flows are zeros."""
        classes = self.level_problem.columns.classes
        options = self.pricing.best_options(
            build_tolls(classes.program, prices),
            self._offset(prices),
            compile_min_pairs=self.level_problem.params.priced.pricing.compile_min_pairs,
        )
        assert options.reduced_values is not None
        bound = float(classes.count @ options.best) + self._supply(prices)
        bound += classes.extra_value / STEPS_PER_POINT if self.level_problem.level == 2 else 0.0
        bound -= prices.placed * (self.level_problem.hold.min_weight or 0)
        nothing = np.zeros(classes.open.shape)
        return Relaxation(prices, bound * STEPS_PER_POINT, options.reduced_values, nothing)

    def _offset(self, prices: Prices) -> FloatArray:
        """Return the points for placing one unit of each class anywhere, shape (classes,)."""
        weight = self.level_problem.columns.program.weight[self.pricing.rows]
        points_per_weight = 1 / STEPS_PER_POINT if self.level_problem.level == 1 else 0.0
        return np.asarray((points_per_weight + prices.placed) * weight)

    def _supply(self, prices: Prices) -> float:
        """Return the value of the limits and the spread costs at the prices, in points."""
        program = self.level_problem.columns.program
        worth = value_limits(program.resources, prices)
        if self.level_problem.level == 1:
            return worth
        pairs = zip(program.spreads, prices.spreads, strict=True)
        total_use = (s.use.sum(axis=0) for s in program.spreads)
        return worth + sum(
            spread_conjugate(s, m, p) for (s, p), m in zip(pairs, total_use, strict=True)
        )


def value_limits(resources: Sequence[Resource], prices: Prices) -> float:
    """Return the value of the limits at the prices, in points."""
    return sum(
        float((p * np.where(p > 0, r.limit, 0)).sum())
        for r, p in zip(resources, prices.resources, strict=True)
    )


def spread_conjugate(spread: Spread, total_use: IntArray, price: FloatArray) -> float:
    """Return the conjugate of a spread cost in points: the maximum of price times total less cost.

    The maximum is taken over the totals that can occur.

    Parameters
    ----------
    spread : Spread
    total_use : int array, shape (layers,)
        Total use of all units of the queue.
    price : float array, shape (groups, layers)
    """
    zero = np.zeros_like(spread.base)[:, :, None]
    top = np.broadcast_to(total_use[None, :, None], zero.shape)
    at = np.concatenate([zero, np.minimum(spread.breakpoint, top), top], axis=2)
    worth = [
        price * at[:, :, k] - spread.cost(at[:, :, k]) / STEPS_PER_POINT for k in range(at.shape[2])
    ]
    return float(np.max(worth, axis=0).sum())


def mark_best_of_each_row(values: FloatArray, count: int) -> BoolArray:
    """Mark the ``count`` largest values of each row."""
    count = min(count, values.shape[1])
    out = np.zeros(values.shape, dtype=np.bool_)
    where = np.argpartition(-values, count - 1, axis=1)[:, :count]
    np.put_along_axis(out, where, True, axis=1)
    return out
