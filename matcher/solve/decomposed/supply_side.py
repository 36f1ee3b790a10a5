"""Supply side of the dual: the value of limits and spread costs at prices, without units."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.tables.array_types import FloatArray, IntArray
from matcher.problem.prices import Prices
from matcher.problem.program import STEPS_PER_POINT, Spread
from matcher.solve.decomposed.block_results import PricedBlockSums, QueueTotals
from matcher.solve.priced.lagrangian import spread_conjugate, value_limits


@dataclass(frozen=True, eq=False)
class SupplySide:
    """The supply side of the dual.

    Parameters
    ----------
    queue : QueueTotals
    """

    queue: QueueTotals

    def value(self, prices: Prices) -> float:
        """Return the value of limits and spread costs at the prices, in points."""
        program = self.queue.empty_program
        total_use = self.queue.total_use[len(program.resources) :]
        pairs = zip(program.spreads, total_use, prices.spreads, strict=True)
        return value_limits(program.resources, prices) + sum(
            spread_conjugate(*spread_terms) for spread_terms in pairs
        )

    def bound(self, sums: PricedBlockSums, prices: Prices, required_weight: int) -> float:
        """Return an upper bound in thousandths for plans with this level-1 value or more."""
        return (
            sums.exact_value + self.value(prices) - prices.placed * required_weight
        ) * STEPS_PER_POINT

    def smooth_value(self, prices: Prices, temperature: float) -> tuple[float, list[FloatArray]]:
        """Return the smoothed value of spread costs in points, and the totals they imply."""
        program = self.queue.empty_program
        total_use = self.queue.total_use[len(program.resources) :]
        smoothed = [
            _smooth_cost(*spread_terms, temperature)
            for spread_terms in zip(program.spreads, total_use, prices.spreads, strict=True)
        ]
        return sum(value for value, _ in smoothed), [total for _, total in smoothed]


def _smooth_cost(
    spread: Spread, total_use: IntArray, price: FloatArray, temperature: float
) -> tuple[float, FloatArray]:
    """Smooth a spread cost: each piece is used the more, the more the price exceeds its slope."""
    length, slope = _pieces(spread, total_use)
    over = (price[:, :, None] - slope) / temperature
    value = float((length * temperature * np.logaddexp(0.0, over)).sum()) - _base(spread)
    used_share = 0.5 * (1 + np.tanh(over / 2))
    return value, np.asarray((length * used_share).sum(axis=2))


def _base(spread: Spread) -> float:
    return float(spread.base.sum()) / STEPS_PER_POINT


def _pieces(spread: Spread, total_use: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return lengths and slopes of the pieces of a cost, shape (groups, layers, pieces + 1)."""
    top = np.broadcast_to(total_use[None, :, None], (*spread.base.shape, 1))
    corners = np.minimum(spread.breakpoint, top)
    edges = np.concatenate([np.zeros_like(top), corners, top], axis=2)
    rise = np.concatenate([np.zeros_like(top), spread.step.cumsum(axis=2)], axis=2)
    slope = (spread.slope[:, :, None] + rise) / STEPS_PER_POINT
    return np.diff(edges, axis=2).astype(np.float64), slope
