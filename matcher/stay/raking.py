"""Raking: change a table as little as possible until its sums equal published sums."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.domain.tables.array_types import FloatArray, IntArray

TOLERANCE = 1e-12
"""Largest deviation from a published share at which the fitting stops."""
MAX_SWEEPS = 2000


@dataclass(frozen=True, slots=True, eq=False)
class MarginTarget:
    """Target sums for groups of a table's cells.

    Parameters
    ----------
    cell_group : int array, shape of the table
        Which group each cell belongs to, from 0.
    target : float array, shape (groups,)
        Share of the table that each group must sum to; the shares sum to 1.
    """

    cell_group: IntArray
    target: FloatArray

    @classmethod
    def from_counts(
        cls, shape: tuple[int, ...], axes: tuple[int, ...], counts: FloatArray
    ) -> "MarginTarget":
        """Build targets along some axes of a table from counts in the order of these axes."""
        place = np.indices(shape)[list(axes)]
        group = np.ravel_multi_index(tuple(place), [shape[a] for a in axes])
        return cls(group, np.asarray(counts, float).reshape(-1) / np.sum(counts))


def rake(seed: FloatArray, targets: Sequence[MarginTarget]) -> FloatArray:
    """Multiply cells, group by group, until every sum is met (iterative proportional fitting).

    Of all tables with these sums, the result is nearest to the seed in relative entropy.

    Parameters
    ----------
    seed : float array
        Cells before the sums are applied; not negative.
    targets : sequence of MarginTarget
        Sums that must be met; a group with target 0 becomes 0.
    """
    table = seed / seed.sum()
    for _ in range(MAX_SWEEPS):
        worst = 0.0
        for sums in targets:
            current = _totals(sums, table)
            worst = max(worst, float(np.abs(current - sums.target).max()))
            table = table * _factor(sums.target, current)[sums.cell_group]
        if worst < TOLERANCE:
            break
    return np.asarray(table)


def margin_sums(table: FloatArray, *axes: int) -> FloatArray:
    """Sum a table over all axes except the listed ones, which keep their order."""
    return np.asarray(table.sum(axis=tuple(a for a in range(table.ndim) if a not in axes)))


def independent_table(table: FloatArray) -> FloatArray:
    """Return a table with the same sums along each axis, in which the axes are independent."""
    out = np.ones(())
    for axis in range(table.ndim):
        out = np.multiply.outer(out, margin_sums(table, axis))
    return np.asarray(out)


def outer_sum(parts: Sequence[FloatArray]) -> FloatArray:
    """Add one array of values per axis, shape (len(part), ...) in the order of the parts."""
    out = np.zeros(())
    for part in parts:
        out = np.add.outer(out, part)
    return np.asarray(out)


def _totals(sums: MarginTarget, table: FloatArray) -> FloatArray:
    counted = np.bincount(sums.cell_group.ravel(), table.ravel(), len(sums.target))
    return np.asarray(counted, dtype=np.float64)


def _factor(target: FloatArray, current: FloatArray) -> FloatArray:
    return np.divide(target, current, out=np.zeros_like(target), where=current > 0)
