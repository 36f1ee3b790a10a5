"""What limits and dispersion costs fetch at prices: the part of the dual that knows no unit."""

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
        """What limits and spread costs are worth at the prices, in points."""
        program = self.frame.limits
        most = self.frame.use[len(program.resources) :]
        pairs = zip(program.spreads, most, prices.spreads, strict=True)
        return limits_worth(program.resources, prices) + sum(conjugate(*one) for one in pairs)

    def bound(self, sums: Sums, prices: Prices, held: int) -> float:
        """Upper bound in thousandths of every plan that places as much as ``held``."""
        return (sums.best + self.exact(prices) - prices.placed * held) * PER_POINT

    def softened(self, prices: Prices, heat: float) -> tuple[float, list[FloatArray]]:
        """What spread costs are worth, made smooth, in points, and the totals they would have."""
        program = self.frame.limits
        most = self.frame.use[len(program.resources) :]
        found = [
            _softened(*one, heat) for one in zip(program.spreads, most, prices.spreads, strict=True)
        ]
        return sum(value for value, _ in found), [total for _, total in found]


def _softened(
    spread: Spread, most: IntArray, price: FloatArray, heat: float
) -> tuple[float, FloatArray]:
    """Each piece of a cost is taken in as far as its price is above its slope."""
    length, slope = _pieces(spread, most)
    over = (price[:, :, None] - slope) / heat
    value = float((length * heat * np.logaddexp(0.0, over)).sum()) - _base(spread)
    taken = 0.5 * (1 + np.tanh(over / 2))
    return value, np.asarray((length * taken).sum(axis=2))


def _base(spread: Spread) -> float:
    return float(spread.base.sum()) / PER_POINT


def _pieces(spread: Spread, most: IntArray) -> tuple[FloatArray, FloatArray]:
    """Lengths and slopes of the pieces of each cost, shape (groups, layers, pieces + 1)."""
    top = np.broadcast_to(most[None, :, None], (*spread.base.shape, 1))
    cuts = np.minimum(spread.breakpoint, top)
    edges = np.concatenate([np.zeros_like(top), cuts, top], axis=2)
    rise = np.concatenate([np.zeros_like(top), spread.step.cumsum(axis=2)], axis=2)
    slope = (spread.slope[:, :, None] + rise) / PER_POINT
    return np.diff(edges, axis=2).astype(np.float64), slope
