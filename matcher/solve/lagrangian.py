"""The Lagrangian dual: an upper bound on the value of every plan, for any prices.

Every unit takes the option with the largest value less its price. Limits and spread costs are
valued at the same prices. By weak duality the sum is an upper bound, whatever the prices are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.program import PER_POINT, Resource, Spread
from matcher.solve.levels import Question
from matcher.solve.pass_over_pairs import Pairs, tolls
from matcher.solve.prices import Prices
from matcher.tables import BoolArray, FloatArray, IntArray

TINY = 1e-7
"""Flows of at most so many units count as zero."""


@dataclass(frozen=True, eq=False)
class Relaxation:
    """Solved LP relaxation of one level.

    Parameters
    ----------
    prices : Prices
    bound : float
        Proven upper bound of the level in thousandths, over all pairs.
    reduced : float array, shape (classes, municipalities)
        Points that the bound loses for each unit of a class that goes to a municipality, as a
        number at or below 0; minus infinity where the pair is closed.
    flows : float array, shape (classes, municipalities)
        Units of each class that the LP's solution sends to each municipality; zeros before the
        LP is solved.
    """

    prices: Prices
    bound: float
    reduced: FloatArray
    flows: FloatArray

    @property
    def taken(self) -> BoolArray:
        """Pairs with a flow in the LP's solution, shape (classes, municipalities)."""
        return np.asarray(self.flows > TINY)


@dataclass(frozen=True, eq=False)
class Lagrangian:
    """The dual of one level as a function of the prices.

    Parameters
    ----------
    question : Question
    pairs : Pairs
        Pricing of one unit of each class.
    """

    question: Question
    pairs: Pairs

    @classmethod
    def of(cls, question: Question) -> "Lagrangian":
        """Prepare the dual of a level."""
        first = question.columns.classes.first
        floor = np.where(question.hold.units[first], -np.inf, 0.0)
        return cls(question, Pairs.of(question.columns.program, first, floor, question.level))

    def at(self, prices: Prices) -> Relaxation:
        """Return bound and reduced values at any prices; the flows are zeros."""
        classes = self.question.columns.classes
        options = self.pairs.at(tolls(classes.program, prices), self._offset(prices))
        assert options.reduced is not None
        bound = float(classes.count @ options.best) + self._supply(prices)
        bound += classes.extra / PER_POINT if self.question.level == 2 else 0.0
        bound -= prices.placed * (self.question.hold.weight or 0)
        nothing = np.zeros(classes.open.shape)
        return Relaxation(prices, bound * PER_POINT, options.reduced, nothing)

    def _offset(self, prices: Prices) -> FloatArray:
        """Return the points for placing one unit of each class anywhere, shape (classes,)."""
        weight = self.question.columns.program.weight[self.pairs.rows]
        points_per_weight = 1 / PER_POINT if self.question.level == 1 else 0.0
        return np.asarray((points_per_weight + prices.placed) * weight)

    def _supply(self, prices: Prices) -> float:
        """Return the value of the limits and the spread costs at the prices, in points."""
        program = self.question.columns.program
        worth = limits_worth(program.resources, prices)
        if self.question.level == 1:
            return worth
        pairs = zip(program.spreads, prices.spreads, strict=True)
        total_use = (s.use.sum(axis=0) for s in program.spreads)
        return worth + sum(conjugate(s, m, p) for (s, p), m in zip(pairs, total_use, strict=True))


def limits_worth(resources: Sequence[Resource], prices: Prices) -> float:
    """Return the value of the limits at the prices, in points."""
    return sum(
        float((p * np.where(p > 0, r.limit, 0)).sum())
        for r, p in zip(resources, prices.resources, strict=True)
    )


def conjugate(spread: Spread, most: IntArray, price: FloatArray) -> float:
    """Return the conjugate of a spread cost in points: the maximum of price times total less cost.

    The maximum is taken over the totals that can occur.

    Parameters
    ----------
    spread : Spread
    most : int array, shape (layers,)
        Total use of all units of the queue.
    price : float array, shape (groups, layers)
    """
    zero = np.zeros_like(spread.base)[:, :, None]
    top = np.broadcast_to(most[None, :, None], zero.shape)
    at = np.concatenate([zero, np.minimum(spread.breakpoint, top), top], axis=2)
    worth = [price * at[:, :, k] - spread.cost(at[:, :, k]) / PER_POINT for k in range(at.shape[2])]
    return float(np.max(worth, axis=0).sum())


def best_of_each(values: FloatArray, count: int) -> BoolArray:
    """Mark the ``count`` largest values of each row."""
    count = min(count, values.shape[1])
    out = np.zeros(values.shape, dtype=np.bool_)
    where = np.argpartition(-values, count - 1, axis=1)[:, :count]
    np.put_along_axis(out, where, True, axis=1)
    return out
