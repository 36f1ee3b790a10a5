"""Cost functions that several terms share, and how their targets are rounded to whole units.

A target is a ratio of whole numbers and is rounded as one: no float decides whether 5.5 is 5 or 6.
"""

from fractions import Fraction

import numpy as np

from matcher.domain.tables.array_types import IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import PiecewiseCost

LARGEST_TOTAL = 2**53
"""Bound of a rounded number of units; larger ones are as good as infinite."""


def round_half_up(numerator: IntArray, denominator: int) -> IntArray:
    """Round ratios to the nearest whole numbers, halves upwards: 5.5 to 6, and -5.5 to -5.

    Parameters
    ----------
    numerator : int array
    denominator : int
        Above 0.
    """
    return _divide(2 * numerator.astype(object) + denominator, 2 * denominator)


def round_up(numerator: IntArray, denominator: int) -> IntArray:
    """Round ratios up to whole numbers; the denominator is above 0."""
    return -_divide(-numerator.astype(object), denominator)


def _divide(numerator: IntArray, denominator: int) -> IntArray:
    # Arrays of Python's integers: a share of many decimals times a total may need over 64 bits.
    quotient = np.clip(numerator // denominator, -LARGEST_TOTAL, LARGEST_TOTAL)
    return np.asarray(quotient, dtype=np.int64)


def share_of(share: float, numerator: IntArray, denominator: int = 1) -> IntArray:
    """Return a share of ratios in whole units, halves upwards.

    Parameters
    ----------
    share : float
    numerator : int array
    denominator : int
        Above 0.
    """
    exact = as_fraction(share)
    return round_half_up(
        exact.numerator * numerator.astype(object), exact.denominator * denominator
    )


def as_fraction(share: float) -> Fraction:
    """Return a share as the decimal number that a policy writes: 0.1 is a tenth."""
    return Fraction(repr(float(share)))


def cost_around(target: IntArray, rate: float, steepness: float, slack: IntArray) -> PiecewiseCost:
    """Build the cost of totals that differ from a target.

    Each unit of difference costs ``rate`` within ``slack`` of the target, and ``steepness`` times
    ``rate`` beyond it. With a target below 0 the group is ahead of it before any unit is placed:
    that difference is a constant cost, and it uses up slack first.

    Parameters
    ----------
    target : int array, shape (groups,)
        In units of use; below 0 where the group already uses more than the target.
    rate : float
        Points for each unit of difference within the slack.
    steepness : float
        Factor on ``rate`` beyond the slack, at least 1.
    slack : int array, shape (groups,)
        In units of use, at least 0; as much below the target as above it.
    """
    low, high = target - slack, target + slack
    far, near = rate * steepness, rate
    step = np.array([far - near, 2 * near, far - near])
    beyond = np.maximum(low, 0) + np.maximum(-high, 0)
    base = near * np.abs(target) + (far - near) * beyond
    # Totals start at 0: a breakpoint below 0 is passed before the first unit is placed.
    breakpoint = np.maximum(np.stack([low, target, high], axis=1), 0)
    return PiecewiseCost(
        base=base[:, None],
        slope=np.full((len(target), 1), -far),
        breakpoint=breakpoint[:, None, :],
        step=np.broadcast_to(step, (len(target), 1, 3)),
    )


def cost_above(free_units: IntArray, rate: float) -> PiecewiseCost:
    """Build the cost of totals above the units that are free of cost.

    Parameters
    ----------
    free_units : int array, shape (groups, layers)
        In units of use; below 0 counts as 0.
    rate : float
        Points for each unit above.
    """
    zero = np.zeros(free_units.shape)
    return PiecewiseCost(
        base=zero,
        slope=zero,
        breakpoint=np.maximum(free_units, 0)[:, :, None],
        step=np.full((*free_units.shape, 1), rate),
    )


def placeable_persons(h: HouseholdTable, m: MunicipalityTable) -> int:
    """Upper bound of the persons that a plan can place: the queue, or the open places if fewer."""
    return int(min(h.size.sum(), m.open.sum()))


def sum_by_group(values: IntArray, group: IntArray, groups: int) -> IntArray:
    """Sum the values of municipalities by group, shape (groups,); group -1 is left out."""
    inside = group >= 0
    sums = np.bincount(group[inside], weights=values[inside], minlength=groups)
    return sums.astype(np.int64)
