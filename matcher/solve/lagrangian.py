"""The Lagrangian dual: what any plan can be worth at the most, at prices of any kind.

Every unit takes what is best for it after it has paid, and limits and dispersion costs are worth
what they fetch at the prices. Weak duality makes the sum a bound whatever the prices are.
"""

from dataclasses import dataclass

import numpy as np

from matcher.program import PER_POINT, Spread
from matcher.solve.levels import Question
from matcher.solve.prices import Prices
from matcher.tables import BoolArray, FloatArray

TINY = 1e-7
"""Share of a unit that counts as none."""


@dataclass(frozen=True, eq=False)
class Relaxation:
    """Solved LP relaxation of one level.

    Parameters
    ----------
    prices : Prices
    bound : float
        Proven upper bound of the level in thousandths, over all pairs.
    reduced : float array, shape (classes, municipalities)
        Points by which the bound falls for each unit of a class that goes there, as a number
        at or below 0; minus infinity where it cannot.
    flows : float array, shape (classes, municipalities)
        How many of each class the solution of the LP sends where; zeros before it is solved.
    """

    prices: Prices
    bound: float
    reduced: FloatArray
    flows: FloatArray

    @property
    def taken(self) -> BoolArray:
        """Pairs that the solution of the LP uses, shape (classes, municipalities)."""
        return np.asarray(self.flows > TINY)


@dataclass(frozen=True, eq=False)
class Lagrangian:
    """The dual of one level as a function of the prices.

    Parameters
    ----------
    question : Question
    values : float array, shape (classes, municipalities)
        Points of one unit; minus infinity where it cannot go.
    floor : float array, shape (classes,)
        Value of staying unplaced, minus infinity where that is not allowed.
    """

    question: Question
    values: FloatArray
    floor: FloatArray

    @classmethod
    def of(cls, question: Question) -> "Lagrangian":
        """Prepare the dual of a question."""
        classes = question.columns.classes
        program, first = classes.program, classes.first
        one = program.weight[:, None] if question.level == 1 else program.points
        values = np.where(classes.open, one[first] / PER_POINT, -np.inf)
        return cls(question, values, np.where(question.hold.units[first], -np.inf, 0.0))

    def at(self, prices: Prices) -> Relaxation:
        """Bound and reduced values at some prices, whatever they are."""
        classes = self.question.columns.classes
        program = classes.program
        net = self.values - prices.charge(program, classes.first)
        net = net + prices.placed * program.weight[classes.first, None]
        best = np.maximum(net.max(axis=1, initial=-np.inf), self.floor)
        best = np.where(np.isfinite(best), best, 0.0)
        bound = float(classes.count @ best) + self._supply(prices)
        bound += classes.extra / PER_POINT if self.question.level == 2 else 0.0
        bound -= prices.placed * (self.question.hold.weight or 0)
        nothing = np.zeros(classes.open.shape)
        return Relaxation(prices, bound * PER_POINT, net - best[:, None], nothing)

    def _supply(self, prices: Prices) -> float:
        """What the limits and the spread costs are worth at the prices, in points."""
        program = self.question.columns.program
        worth = sum(
            float((p * np.where(p > 0, r.limit, 0)).sum())
            for r, p in zip(program.resources, prices.resources, strict=True)
        )
        if self.question.level == 1:
            return worth
        pairs = zip(program.spreads, prices.spreads, strict=True)
        return worth + sum(_conjugate(s, p) for s, p in pairs)


def _conjugate(spread: Spread, price: FloatArray) -> float:
    """Largest of price times total minus its cost, over totals that can occur, in points."""
    most = spread.use.sum(axis=0)[None, :, None]
    zero = np.zeros_like(spread.base)[:, :, None]
    at = np.concatenate([zero, np.minimum(spread.breakpoint, most), zero + most], axis=2)
    worth = [price * at[:, :, k] - spread.cost(at[:, :, k]) / PER_POINT for k in range(at.shape[2])]
    return float(np.max(worth, axis=0).sum())


def best_of_each(values: FloatArray, count: int) -> BoolArray:
    """Mark the largest values of each row, so many of them."""
    count = min(count, values.shape[1])
    out = np.zeros(values.shape, dtype=np.bool_)
    where = np.argpartition(-values, count - 1, axis=1)[:, :count]
    np.put_along_axis(out, where, True, axis=1)
    return out
