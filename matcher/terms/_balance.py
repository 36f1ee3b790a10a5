"""What several terms share: costs for falling short of a target, and for going past it."""

import numpy as np

from matcher.shapes import PiecewiseCost
from matcher.tables import FloatArray, HouseholdTable, IntArray, MunicipalityTable


def around(target: FloatArray, rate: float, steep: float, slack: FloatArray) -> PiecewiseCost:
    """Cost around a target: ``rate`` a unit within ``slack`` of it, ``steep`` times that beyond.

    Parameters
    ----------
    target, slack : float array, shape (groups,)
        In units of use, not below 0.
    rate : float
        Points a unit.
    steep : float
        At least 1.
    """
    target = np.rint(np.maximum(target, 0))
    low = np.rint(np.maximum(target - slack, 0))
    high = np.rint(target + slack)
    far, near = rate * steep, rate
    step = np.array([far - near, 2 * near, far - near])
    base = far * low + near * (target - low)
    return PiecewiseCost(
        base=base[:, None],
        slope=np.full((len(target), 1), -far),
        breakpoint=np.stack([low, target, high], axis=1).astype(np.int64)[:, None, :],
        step=np.broadcast_to(step, (len(target), 1, 3)),
    )


def above(free: FloatArray, rate: float) -> PiecewiseCost:
    """Cost of every unit above what is free of it, shape (groups, layers)."""
    zero = np.zeros_like(free, dtype=np.float64)
    return PiecewiseCost(
        base=zero,
        slope=zero,
        breakpoint=np.maximum(np.ceil(free), 0).astype(np.int64)[:, :, None],
        step=np.full((*free.shape, 1), rate),
    )


def expected_placed(h: HouseholdTable, m: MunicipalityTable) -> int:
    """Persons that tonight's plan can place at the most, as far as places go."""
    return int(min(h.size.sum(), m.open.sum()))


def group_sums(values: IntArray, group: IntArray, groups: int) -> FloatArray:
    """Sum over the municipalities of each group, leaving out group -1."""
    inside = group >= 0
    sums = np.bincount(group[inside], weights=values[inside], minlength=groups)
    return np.asarray(sums)
