"""What several terms share: costs for falling short of a target, and for going past it."""

import numpy as np

from matcher.shapes import PiecewiseCost
from matcher.tables import FloatArray, HouseholdTable, IntArray, MunicipalityTable


def around(target: FloatArray, rate: float, steep: float, slack: FloatArray) -> PiecewiseCost:
    """Cost around a target: ``rate`` a unit within ``slack`` of it, ``steep`` times that beyond.

    A target below 0 is that far ahead already: those units cost too, as a constant, and use up
    the slack before tonight's first unit does.

    Parameters
    ----------
    target : float array, shape (groups,)
        In units of use; below 0 where more is used already than wanted.
    slack : float array, shape (groups,)
        In units of use, not below 0.
    rate : float
        Points a unit.
    steep : float
        At least 1.
    """
    target = np.rint(target)
    low, high = np.rint(target - slack), np.rint(target + slack)
    far, near = rate * steep, rate
    step = np.array([far - near, 2 * near, far - near])
    beyond = np.maximum(low, 0) + np.maximum(-high, 0)
    base = near * np.abs(target) + (far - near) * beyond
    # Totals start at 0: a breakpoint below it has been passed before the first unit.
    breakpoint = np.maximum(np.stack([low, target, high], axis=1), 0).astype(np.int64)
    return PiecewiseCost(
        base=base[:, None],
        slope=np.full((len(target), 1), -far),
        breakpoint=breakpoint[:, None, :],
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
