"""What one more place is worth to the rest: dual prices of resources and spreads."""

from dataclasses import dataclass

import numpy as np

from matcher.program import PER_POINT, Program, Resource, Spread
from matcher.tables import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Prices:
    """Dual prices in points for one unit of use.

    Parameters
    ----------
    resources : tuple of float array, shape (groups, layers) each
        Worth of one more place, dwelling and so on; 0 where it is not scarce, never below.
    spreads : tuple of float array, shape (groups, layers) each
        Cost to dispersion of one more; below 0 where the group is behind.
    placed : float
        Points that one thousandth of level-1 weight is worth, 0 unless places are too few.
    """

    resources: tuple[FloatArray, ...]
    spreads: tuple[FloatArray, ...]
    placed: float = 0.0

    def charge(self, program: Program) -> FloatArray:
        """What each pair costs the rest in points, shape (units, municipalities)."""
        total = np.zeros(program.shape)
        for part, price in self._parts(program):
            total += charged(part, price)
        return total

    def charge_by_part(self, program: Program, unit: int) -> dict[str, FloatArray]:
        """What one unit costs the rest by rule and term, each of shape (municipalities,)."""
        return {
            part.id: charged_for(part.use[unit], part, price)
            for part, price in self._parts(program)
        }

    def _parts(self, program: Program) -> list[tuple[Resource | Spread, FloatArray]]:
        parts: list[Resource | Spread] = [*program.resources, *program.spreads]
        return list(zip(parts, [*self.resources, *self.spreads], strict=True))


def charged(part: Resource | Spread, price: FloatArray) -> FloatArray:
    """Use times price of every pair, shape (units, municipalities)."""
    return np.asarray(part.use @ _by_municipality(part.group, price).T)


def charged_for(use: IntArray, part: Resource | Spread, price: FloatArray) -> FloatArray:
    """Use times price of one unit, shape (municipalities,)."""
    return np.asarray(_by_municipality(part.group, price) @ use)


def _by_municipality(group: IntArray, price: FloatArray) -> FloatArray:
    """Prices of each municipality's group, 0 for none, shape (municipalities, layers)."""
    return np.where((group >= 0)[:, None], price[group], 0.0)


def net_points(program: Program, prices: Prices) -> FloatArray:
    """Points of every pair minus what it costs the rest, shape (units, municipalities)."""
    worth = program.points / PER_POINT - prices.charge(program)
    return np.asarray(worth + prices.placed * program.weight[:, None])
