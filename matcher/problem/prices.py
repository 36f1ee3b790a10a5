"""Dual prices of resources and spreads: the worth of one more place to all other households."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.tables.array_types import FloatArray, IntArray
from matcher.problem.program import Program, Resource, Spread


@dataclass(frozen=True, eq=False)
class Prices:
    """Dual prices in points for one unit of use.

    Parameters
    ----------
    resources : tuple of float array, shape (groups, layers) each
        Worth of one more place, dwelling and so on; never below 0, and 0 where not scarce.
    spreads : tuple of float array, shape (groups, layers) each
        Spread cost of one more unit of use; below 0 where the group has too few.
    placed : float
        Points for one thousandth of level-1 weight; 0 unless places are too few.
    bound : float or None
        Upper bound in points that the prices prove for every plan; None where not known.
    """

    resources: tuple[FloatArray, ...]
    spreads: tuple[FloatArray, ...]
    placed: float = 0.0
    bound: float | None = None

    @classmethod
    def zero(cls, program: Program) -> "Prices":
        """Return prices of 0 for everything."""
        resources = tuple(np.zeros(r.limit.shape) for r in program.resources)
        return cls(resources, tuple(np.zeros(s.base.shape) for s in program.spreads))

    def charge(self, program: Program, units: IntArray) -> FloatArray:
        """Return what units cost all others in points, shape (units, municipalities)."""
        total = np.zeros((len(units), program.shape[1]))
        parts: list[Resource | Spread] = [*program.resources, *program.spreads]
        for part, price in zip(parts, [*self.resources, *self.spreads], strict=True):
            total += part.use[units] @ prices_by_municipality(part.group, price).T
        return total

    def gap(self, value: float) -> float:
        """Return the relative gap between a plan's points and the bound; 0 without a bound."""
        return 0.0 if self.bound is None else (self.bound - value) / max(1.0, abs(self.bound))


def prices_by_municipality(group: IntArray, price: FloatArray) -> FloatArray:
    """Return the prices of each municipality's group, 0 without one; (municipalities, layers)."""
    return np.where((group >= 0)[:, None], price[group], 0.0)
