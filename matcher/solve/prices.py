"""What one more place is worth to the rest: dual prices of resources and spreads."""

from dataclasses import dataclass

import numpy as np

from matcher.program import Program, Resource, Spread
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
    bound : float or None
        Points that no plan can be worth more than, as they prove it; None where it is not known.
    """

    resources: tuple[FloatArray, ...]
    spreads: tuple[FloatArray, ...]
    placed: float = 0.0
    bound: float | None = None

    @classmethod
    def none(cls, program: Program) -> "Prices":
        """Prices at which nothing costs."""
        resources = tuple(np.zeros(r.limit.shape) for r in program.resources)
        return cls(resources, tuple(np.zeros(s.base.shape) for s in program.spreads))

    def charge(self, program: Program, units: IntArray) -> FloatArray:
        """What each of some units costs the rest in points, shape (units, municipalities)."""
        total = np.zeros((len(units), program.shape[1]))
        parts: list[Resource | Spread] = [*program.resources, *program.spreads]
        for part, price in zip(parts, [*self.resources, *self.spreads], strict=True):
            total += part.use[units] @ by_municipality(part.group, price).T
        return total

    def gap(self, value: float) -> float:
        """How far a plan worth so many points is from their bound, relative; 0 where unknown."""
        return 0.0 if self.bound is None else (self.bound - value) / max(1.0, abs(self.bound))


def charged_for(use: IntArray, part: Resource | Spread, price: FloatArray) -> FloatArray:
    """Use times price of one unit, shape (municipalities,)."""
    return np.asarray(by_municipality(part.group, price) @ use)


def by_municipality(group: IntArray, price: FloatArray) -> FloatArray:
    """Prices of each municipality's group, 0 for none, shape (municipalities, layers)."""
    return np.where((group >= 0)[:, None], price[group], 0.0)
