"""Cost functions that several terms share: below and above a target, and above a share."""

import numpy as np

from matcher.domain.tables.array_types import FloatArray, IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import PiecewiseCost


def cost_around(
    target: FloatArray, rate: float, steepness: float, slack: FloatArray
) -> PiecewiseCost:
    """Build the cost of totals that differ from a target.

    Each unit of difference costs ``rate`` within ``slack`` of the target, and ``steep`` times
    ``rate`` beyond it. With a target below 0 the group is ahead of it before any unit is placed:
    that difference is a constant cost, and it uses up slack first.

    Parameters
    ----------
    target : float array, shape (groups,)
        In units of use; below 0 where the group already uses more than the target.
    slack : float array, shape (groups,)
        In units of use, at least 0.
    rate : float
        Points for each unit of difference within the slack.
    steepness : float
        Factor on ``rate`` beyond the slack, at least 1.
    """
    target = np.rint(target)
    low, high = np.rint(target - slack), np.rint(target + slack)
    far, near = rate * steepness, rate
    step = np.array([far - near, 2 * near, far - near])
    beyond = np.maximum(low, 0) + np.maximum(-high, 0)
    base = near * np.abs(target) + (far - near) * beyond
    # Totals start at 0: a breakpoint below 0 is passed before the first unit is placed.
    breakpoint = np.maximum(np.stack([low, target, high], axis=1), 0).astype(np.int64)
    return PiecewiseCost(
        base=base[:, None],
        slope=np.full((len(target), 1), -far),
        breakpoint=breakpoint[:, None, :],
        step=np.broadcast_to(step, (len(target), 1, 3)),
    )


def cost_above(free_units: FloatArray, rate: float) -> PiecewiseCost:
    """Build the cost of totals above the units that are free of cost.

    Parameters
    ----------
    free_units : float array, shape (groups, layers)
        In units of use, rounded up to whole units.
    rate : float
        Points for each unit above.
    """
    zero = np.zeros_like(free_units, dtype=np.float64)
    return PiecewiseCost(
        base=zero,
        slope=zero,
        breakpoint=np.maximum(np.ceil(free_units), 0).astype(np.int64)[:, :, None],
        step=np.full((*free_units.shape, 1), rate),
    )


def placeable_persons(h: HouseholdTable, m: MunicipalityTable) -> int:
    """Upper bound of the persons that a plan can place: the queue, or the open places if fewer."""
    return int(min(h.size.sum(), m.open.sum()))


def sum_by_group(values: IntArray, group: IntArray, groups: int) -> FloatArray:
    """Sum the values of municipalities by group, shape (groups,); group -1 is left out."""
    inside = group >= 0
    sums = np.bincount(group[inside], weights=values[inside], minlength=groups)
    return np.asarray(sums)
