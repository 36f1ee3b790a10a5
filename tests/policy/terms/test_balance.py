"""Convex costs around a target and above a cap, at and beside their breakpoints."""

import numpy as np
import pytest

from matcher.policy.terms._balance import cost_above, cost_around
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
    cost = cost_around(np.array([9.0]), 10.0, 2.0, np.array([2.0]))
    assert at(cost, total) == expected


@pytest.mark.parametrize(("total", "expected"), [(0, 80), (1, 100), (2, 120), (3, 140)])
def test_whoever_is_ahead_beyond_the_slack_pays_the_steep_rate_at_once(total, expected):
    """5 ahead with slack of 2: 2 * 10 + 3 * 20 already, and 20 for each more."""
    cost = cost_around(np.array([-5.0]), 10.0, 2.0, np.array([2.0]))
    assert at(cost, total) == expected


@pytest.mark.parametrize(("total", "expected"), [(0, 10), (1, 20), (2, 40), (3, 60)])
def test_whoever_is_ahead_within_the_slack_has_only_the_rest_of_it(total, expected):
    """1 ahead with slack of 2: one more at the mild rate, then the steep one."""
    cost = cost_around(np.array([-1.0]), 10.0, 2.0, np.array([2.0]))
    assert at(cost, total) == expected


@pytest.mark.parametrize("target", [-9.0, -2.5, -0.4, 0.0, 1.4, 7.0])
@pytest.mark.parametrize("slack", [0.0, 0.6, 3.0, 12.0])
def test_cost_is_the_distance_from_the_target_also_below_nothing(target, slack):
    """Counted one person at a time, from the target outwards."""
    cost = cost_around(np.array([target]), 10.0, 3.0, np.array([slack]))
    aim = round(target)
    low, high = round(aim - slack), round(aim + slack)
    for total in range(25):
        steps = range(min(aim, total), max(aim, total))
        assert at(cost, total) == sum(10 if low <= k < high else 30 for k in steps)


def test_no_slack_is_steep_at_once():
    """With a slack of nothing every unit off is beyond."""
    cost = cost_around(np.array([3.0]), 10.0, 3.0, np.array([0.0]))
    assert [at(cost, k) for k in range(6)] == [90, 60, 30, 0, 30, 60]


@pytest.mark.parametrize(("total", "expected"), [(0, 0), (3, 0), (4, 5), (6, 15)])
def test_cost_above_rounds_what_is_free_up(total, expected):
    """2.1 free: the third is still free of charge."""
    assert at(cost_above(np.array([[2.1]]), 5.0), total) == expected


def test_what_is_free_is_never_below_nothing():
    """A community already above the cap: every one costs, none costs twice."""
    assert [at(cost_above(np.array([[-4.0]]), 5.0), k) for k in range(3)] == [0, 5, 10]


@pytest.mark.parametrize("seed", range(20))
def test_next_slope_is_the_difference_of_costs_and_grows(seed):
    """Convex: what the next one costs never falls."""
    random = np.random.default_rng(seed)
    target, slack = random.uniform(-2, 20, 1), random.uniform(0, 6, 1)
    part = spread(cost_around(target, 8.0, random.integers(4, 16) / 4, slack))
    totals = [np.array([[k]]) for k in range(40)]
    costs = [part.cost(t)[0, 0] for t in totals]
    slopes = [part.slope_at(t)[0, 0] for t in totals]
    assert slopes[:-1] == np.diff(costs).tolist()
    assert slopes == sorted(slopes)
    assert min(costs) >= 0
