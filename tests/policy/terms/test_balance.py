"""Convex costs around a target and above a cap, at and beside their breakpoints."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pytest

from matcher.policy.terms._balance import (
    as_fraction,
    cost_above,
    cost_around,
    round_half_up,
    round_up,
    share_of,
)
from matcher.problem.program import Spread


def spread(cost):
    """A cost as the program has it, of one group and one layer."""
    return Spread(
        "test",
        np.ones((1, 1), dtype=np.int64),
        np.zeros(1, dtype=np.int64),
        np.rint(cost.base * 1000).astype(np.int64),
        np.rint(cost.slope * 1000).astype(np.int64),
        cost.breakpoint,
        np.rint(cost.step * 1000).astype(np.int64),
    )


def at(cost, total):
    return spread(cost).cost(np.array([[total]]))[0, 0] / 1000


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        (0, 160),
        (1, 140),
        (6, 40),
        (7, 20),
        (8, 10),
        (9, 0),
        (10, 10),
        (11, 20),
        (12, 40),
        (20, 200),
    ],
)
def test_cost_around_a_target_of_nine_with_slack_of_two(total, expected):
    """10 a unit within 7 to 11, 20 a unit beyond: 0 costs 2 * 10 + 7 * 20 = 160."""
    cost = cost_around(np.array([9]), 10.0, 2.0, np.array([2]))
    assert at(cost, total) == expected


@pytest.mark.parametrize(("total", "expected"), [(0, 80), (1, 100), (2, 120), (3, 140)])
def test_whoever_is_ahead_beyond_the_slack_pays_the_steep_rate_at_once(total, expected):
    """5 ahead with slack of 2: 2 * 10 + 3 * 20 already, and 20 for each more."""
    cost = cost_around(np.array([-5]), 10.0, 2.0, np.array([2]))
    assert at(cost, total) == expected


@pytest.mark.parametrize(("total", "expected"), [(0, 10), (1, 20), (2, 40), (3, 60)])
def test_whoever_is_ahead_within_the_slack_has_only_the_rest_of_it(total, expected):
    """1 ahead with slack of 2: one more at the mild rate, then the steep one."""
    cost = cost_around(np.array([-1]), 10.0, 2.0, np.array([2]))
    assert at(cost, total) == expected


@pytest.mark.parametrize("target", [-9, -3, 0, 1, 7, 8])
@pytest.mark.parametrize("slack", [0, 1, 3, 12])
def test_cost_is_the_distance_from_the_target_also_below_nothing(target, slack):
    """Counted one person at a time, from the target outwards, alike below and above it."""
    cost = cost_around(np.array([target]), 10.0, 3.0, np.array([slack]))
    for total in range(25):
        steps = range(min(target, total), max(target, total))
        near = range(target - slack, target + slack)
        assert at(cost, total) == sum(10 if k in near else 30 for k in steps)


def test_halves_go_upwards_whether_the_number_is_even_or_odd():
    """Of 11 halves 6, of 9 halves 5, of -11 halves -5; thirds to the nearest."""
    halves = np.array([11, 9, -11, -9, 8, 0])
    assert round_half_up(halves, 2).tolist() == [6, 5, -5, -4, 4, 0]
    assert round_half_up(np.array([16, 17, -16, -17]), 3).tolist() == [5, 6, -5, -6]
    assert round_up(np.array([16, 15, -16, 1]), 3).tolist() == [6, 5, -5, 1]


@pytest.mark.parametrize("share", [0.1, 0.05, 0.29, 0.07, 0.123456789012345, 1.5, 0.0])
def test_a_share_is_the_decimal_that_is_written(share):
    """0.29 of 50 is 14.5 and rounds to 15, though the floats' product is below that."""
    totals = np.arange(0, 3000, 7)
    exact = Decimal(repr(share))
    expected = [int((exact * int(t)).quantize(0, ROUND_HALF_UP)) for t in totals]
    assert share_of(share, totals).tolist() == expected
    assert share_of(share, totals * 37, 37).tolist() == expected
    assert as_fraction(share) == Fraction(exact)


def test_a_share_without_end_is_a_large_number():
    """No policy makes an integer overflow."""
    assert share_of(1e300, np.array([5, 0])).tolist() == [2**53, 0]


def test_no_slack_is_steep_at_once():
    """With a slack of nothing every unit off is beyond."""
    cost = cost_around(np.array([3]), 10.0, 3.0, np.array([0]))
    assert [at(cost, k) for k in range(6)] == [90, 60, 30, 0, 30, 60]


@pytest.mark.parametrize(("total", "expected"), [(0, 0), (3, 0), (4, 5), (6, 15)])
def test_cost_above_rounds_what_is_free_up(total, expected):
    """2.1 free: the third is still free of charge."""
    assert at(cost_above(round_up(np.array([[21]]), 10), 5.0), total) == expected


def test_what_is_free_is_never_below_nothing():
    """A community already above the cap: every one costs, none costs twice."""
    assert [at(cost_above(np.array([[-4]]), 5.0), k) for k in range(3)] == [0, 5, 10]


@pytest.mark.parametrize("seed", range(20))
def test_next_slope_is_the_difference_of_costs_and_grows(seed):
    """Convex: what the next one costs never falls."""
    random = np.random.default_rng(seed)
    target, slack = random.integers(-2, 20, 1), random.integers(0, 6, 1)
    part = spread(cost_around(target, 8.0, random.integers(4, 16) / 4, slack))
    totals = [np.array([[k]]) for k in range(40)]
    costs = [part.cost(t)[0, 0] for t in totals]
    slopes = [part.slope_at(t)[0, 0] for t in totals]
    assert slopes[:-1] == np.diff(costs).tolist()
    assert slopes == sorted(slopes)
    assert min(costs) >= 0
