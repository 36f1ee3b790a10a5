"""Seconds until value and bound were near each other."""

from dataclasses import replace

import pytest

from benchmarks.convergence import ConvergenceTracker
from matcher.solve import Level, Result

PROVED = Result(
    plan=None,
    choice=None,
    score=None,
    backend="any",
    seed=1,
    seconds=9.0,
    asked_gap=0.0001,
    levels=(Level(700.0, 700.0, 1.0), Level(1000.0, 1000.05, 8.0)),
    versions={},
    hashes={},
    policy="default",
)
TOLD = [
    (None, 2000.0, 1.0),
    (990.0, None, 2.0),
    (980.0, 1001.0, 3.0),
    (999.5, 1010.0, 4.0),
    (1000.0, 1000.05, 5.0),
]


def approach(told=TOLD):
    out = ConvergenceTracker()
    for value, bound, seconds in told:
        out.record(value, bound, seconds)
    return out


def test_the_first_moment_counts_at_which_the_best_of_both_were_that_near():
    """Value 990 and bound 1001 came at different times; together they are within 2, not 1 %."""
    seconds = approach().seconds_to_gaps(PROVED, 9.0)
    assert seconds == {"to_percent": 4.0, "to_tenth": 5.0, "to_hundredth": 5.0}


def test_who_tells_nothing_meanwhile_is_timed_at_the_end():
    """CBC says where it came to, not when."""
    assert set(approach([]).seconds_to_gaps(PROVED, 9.0).values()) == {9.0}


def test_what_the_checked_result_does_not_bear_out_is_left_out():
    """A backend that claimed more than its plan is worth had not come that near."""
    poorer = replace(PROVED, levels=(PROVED.levels[0], Level(995.0, 1000.05, 8.0)))
    assert approach().seconds_to_gaps(poorer, 9.0) == {"to_percent": 4.0}


@pytest.mark.parametrize("first", [Level(690.0, 700.0, 1.0), Level(700.0, None, 1.0)])
def test_without_a_proof_of_level_1_points_are_near_to_nothing(first):
    """Another plan may place more persons, and any points are worse than that."""
    assert approach().seconds_to_gaps(replace(PROVED, levels=(first, PROVED.levels[1])), 9.0) == {}


def test_there_are_no_seconds_without_a_plan():
    """Whatever was claimed on the way."""
    assert approach().seconds_to_gaps(replace(PROVED, levels=()), 9.0) == {}
