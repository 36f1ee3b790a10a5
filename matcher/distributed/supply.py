"""Supply side of the dual: the value of limits and spread costs at prices, without units."""

from dataclasses import dataclass

import numpy as np

from matcher.distributed.tasks import Frame, Sums
from matcher.program import PER_POINT, Spread
from matcher.solve.lagrangian import conjugate, limits_worth
from matcher.solve.prices import Prices
from matcher.tables import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Supply:
    """The supply side of the dual.

    Parameters
    ----------
    frame : Frame
    """

    frame: Frame

    def exact(self, prices: Prices) -> float:
        """Return the value of limits and spread costs at the prices, in points."""
        program = self.frame.limits
        total_use = self.frame.use[len(program.resources) :]
        pairs = zip(program.spreads, total_use, prices.spreads, strict=True)
        return limits_worth(program.resources, prices) + sum(
            conjugate(*spread_terms) for spread_terms in pairs
        )

    def bound(self, sums: Sums, prices: Prices, held: int) -> float:
        """Return an upper bound in thousandths for plans with level-1 value ``held`` or more."""
        return (sums.best + self.exact(prices) - prices.placed * held) * PER_POINT

    def softened(self, prices: Prices, heat: float) -> tuple[float, list[FloatArray]]:
        """Return the smoothed value of spread costs in points, and the totals they imply."""
        program = self.frame.limits
        total_use = self.frame.use[len(program.resources) :]
        smoothed = [
            _smooth_cost(*spread_terms, heat)
            for spread_terms in zip(program.spreads, total_use, prices.spreads, strict=True)
        ]
        return sum(value for value, _ in smoothed), [total for _, total in smoothed]


def _smooth_cost(
    spread: Spread, total_use: IntArray, price: FloatArray, heat: float
) -> tuple[float, FloatArray]:
    """Smooth a spread cost: each piece is used the more, the more the price exceeds its slope."""
    length, slope = _pieces(spread, total_use)
    over = (price[:, :, None] - slope) / heat
    value = float((length * heat * np.logaddexp(0.0, over)).sum()) - _base(spread)
    used_share = 0.5 * (1 + np.tanh(over / 2))
    return value, np.asarray((length * used_share).sum(axis=2))


def _base(spread: Spread) -> float:
    return float(spread.base.sum()) / PER_POINT


def _pieces(spread: Spread, total_use: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return lengths and slopes of the pieces of a cost, shape (groups, layers, pieces + 1)."""
    top = np.broadcast_to(total_use[None, :, None], (*spread.base.shape, 1))
    corners = np.minimum(spread.breakpoint, top)
    edges = np.concatenate([np.zeros_like(top), corners, top], axis=2)
    rise = np.concatenate([np.zeros_like(top), spread.step.cumsum(axis=2)], axis=2)
    slope = (spread.slope[:, :, None] + rise) / PER_POINT
    return np.diff(edges, axis=2).astype(np.float64), slope
