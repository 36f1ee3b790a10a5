"""Tables changed as little as can be until their sums are those published (raking)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.tables import FloatArray, IntArray

ENOUGH = 1e-12
"""Largest deviation from a published share at which the fitting ends."""
SWEEPS = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """What groups of a table's cells must sum to.

    Parameters
    ----------
    group : int array, shape of the table
        Which group each cell belongs to, from 0.
    target : float array, shape (groups,)
        Share of the whole that each group must have; together 1.
    """

    group: IntArray
    target: FloatArray

    @classmethod
    def of_axes(cls, shape: tuple[int, ...], axes: tuple[int, ...], counts: FloatArray) -> "Sums":
        """Sums along some axes of a table, as counts in the order of these axes."""
        place = np.indices(shape)[list(axes)]
        group = np.ravel_multi_index(tuple(place), [shape[a] for a in axes])
        return cls(group, np.asarray(counts, float).reshape(-1) / np.sum(counts))


def rake(seed: FloatArray, wanted: Sequence[Sums]) -> FloatArray:
    """Multiply cells, group by group, until every sum is met (iterative proportional fitting).

    Of all tables with these sums it is the one nearest to the seed in relative entropy.

    Parameters
    ----------
    seed : float array
        Cells before anything is known of the sums; not negative.
    wanted : sequence of Sums
        What must be met; a group that must be nothing becomes nothing.
    """
    table = seed / seed.sum()
    for _ in range(SWEEPS):
        worst = 0.0
        for sums in wanted:
            current = _totals(sums, table)
            worst = max(worst, float(np.abs(current - sums.target).max()))
            table = table * _factor(sums.target, current)[sums.group]
        if worst < ENOUGH:
            break
    return np.asarray(table)


def margin(table: FloatArray, *axes: int) -> FloatArray:
    """Sums of a table over all its axes but those given, which are kept in order."""
    return np.asarray(table.sum(axis=tuple(a for a in range(table.ndim) if a not in axes)))


def independent(table: FloatArray) -> FloatArray:
    """A table with the same sums along each axis, whose axes have nothing to do with each other."""
    out = np.ones(())
    for axis in range(table.ndim):
        out = np.multiply.outer(out, margin(table, axis))
    return np.asarray(out)


def outer_sum(parts: Sequence[FloatArray]) -> FloatArray:
    """Add values along one axis each, shape (len(part), ...) in the order of the parts."""
    out = np.zeros(())
    for part in parts:
        out = np.add.outer(out, part)
    return np.asarray(out)


def _totals(sums: Sums, table: FloatArray) -> FloatArray:
    counted = np.bincount(sums.group.ravel(), table.ravel(), len(sums.target))
    return np.asarray(counted, dtype=np.float64)


def _factor(target: FloatArray, current: FloatArray) -> FloatArray:
    return np.divide(target, current, out=np.zeros_like(target), where=current > 0)
