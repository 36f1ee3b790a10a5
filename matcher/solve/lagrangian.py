"""The Lagrangian dual: what any plan can be worth at the most, at prices of any kind.

Every unit takes what is best for it after it has paid, and limits and dispersion costs are worth
what they fetch at the prices. Weak duality makes the sum a bound whatever the prices are.
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
    pairs : Pairs
        Of a unit of each class.
    """

    question: Question
    pairs: Pairs

    @classmethod
    def of(cls, question: Question) -> "Lagrangian":
        """Prepare the dual of a question."""
        first = question.columns.classes.first
        floor = np.where(question.hold.units[first], -np.inf, 0.0)
        return cls(question, Pairs.of(question.columns.program, first, floor, question.level))

    def at(self, prices: Prices) -> Relaxation:
        """Bound and reduced values at some prices, whatever they are."""
        classes = self.question.columns.classes
        found = self.pairs.at(tolls(classes.program, prices), self._offset(prices))
        assert found.reduced is not None
        bound = float(classes.count @ found.best) + self._supply(prices)
        bound += classes.extra / PER_POINT if self.question.level == 2 else 0.0
        bound -= prices.placed * (self.question.hold.weight or 0)
        nothing = np.zeros(classes.open.shape)
        return Relaxation(prices, bound * PER_POINT, found.reduced, nothing)

    def _offset(self, prices: Prices) -> FloatArray:
        """What placing one of each class is worth wherever it goes, shape (classes,)."""
        weight = self.question.columns.program.weight[self.pairs.rows]
        own = 1 / PER_POINT if self.question.level == 1 else 0.0
        return np.asarray((own + prices.placed) * weight)

    def _supply(self, prices: Prices) -> float:
        """What the limits and the spread costs are worth at the prices, in points."""
        program = self.question.columns.program
        worth = limits_worth(program.resources, prices)
        if self.question.level == 1:
            return worth
        pairs = zip(program.spreads, prices.spreads, strict=True)
        most = (s.use.sum(axis=0) for s in program.spreads)
        return worth + sum(conjugate(s, m, p) for (s, p), m in zip(pairs, most, strict=True))


def limits_worth(resources: Sequence[Resource], prices: Prices) -> float:
    """What the limits are worth at the prices, in points."""
    return sum(
        float((p * np.where(p > 0, r.limit, 0)).sum())
        for r, p in zip(resources, prices.resources, strict=True)
    )


def conjugate(spread: Spread, most: IntArray, price: FloatArray) -> float:
    """Largest of price times total minus its cost, over totals that can occur, in points.

    Parameters
    ----------
    spread : Spread
    most : int array, shape (layers,)
        What all units of the queue use together.
    price : float array, shape (groups, layers)
    """
    zero = np.zeros_like(spread.base)[:, :, None]
    top = np.broadcast_to(most[None, :, None], zero.shape)
    at = np.concatenate([zero, np.minimum(spread.breakpoint, top), top], axis=2)
    worth = [price * at[:, :, k] - spread.cost(at[:, :, k]) / PER_POINT for k in range(at.shape[2])]
    return float(np.max(worth, axis=0).sum())


def best_of_each(values: FloatArray, count: int) -> BoolArray:
    """Mark the largest values of each row, so many of them."""
    count = min(count, values.shape[1])
    out = np.zeros(values.shape, dtype=np.bool_)
    where = np.argpartition(-values, count - 1, axis=1)[:, :count]
    np.put_along_axis(out, where, True, axis=1)
    return out
