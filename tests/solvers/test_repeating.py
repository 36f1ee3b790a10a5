"""A solve that the clock stopped is repeated to the bit, however fast the machine is then."""

from dataclasses import replace

import numpy as np
import pytest

from instances import Profile, generate
from matcher.problem import Problem
from matcher.solve import Stop, solve
from matcher.solve.run import price
from matcher.solve.stopping import FORCED, SOFT_SHARE, Stops, Watch, time


@pytest.fixture(scope="module")
def problem() -> Problem:
    """A night on which there is always something left to find in so short a time."""
    return Problem.of(generate(Profile.read("night"), seed=3, households=250))


def test_a_solve_that_the_clock_stopped_is_repeated_to_the_bit(problem):
    """The same choice, values and bounds, although the repetition has no clock at all."""
    first = solve(problem, seed=5, stop=Stop(1.2, 0))
    assert any(stop is not None for stop in first.stops)
    assert FORCED not in first.stops
    again = solve(problem, seed=5, stop=Stop(1e-6, 0), repeat=first.stops)
    assert np.array_equal(again.choice, first.choice)
    assert again.stops == first.stops
    timeless = [[replace(level, seconds=0.0) for level in r.levels] for r in (first, again)]
    assert timeless[0] == timeless[1]


def test_prices_that_the_clock_stopped_are_repeated_to_the_bit(problem):
    """The rounds of the relaxation are counted as well."""
    choice = solve(problem, backend="greedy").choice
    stops = Stops()
    first = price(problem, choice, seconds=1e-9, stops=stops)
    assert stops.record != (None,)
    again = price(problem, choice, stops=Stops(stops.record))
    for one, other in zip(first.resources, again.resources, strict=True):
        assert np.array_equal(one, other)


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    """A clock that a test moves."""
    now = [100.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    return now


def test_a_search_stops_at_its_first_check_after_most_of_its_time(clock):
    """It notes which check that was, and stays stopped."""
    watch = Watch(10.0, None, False, None)
    assert [watch.over() for _ in range(3)] == [False] * 3
    clock[0] += 10 * SOFT_SHARE + 0.01
    assert watch.left == pytest.approx(10 * (1 - SOFT_SHARE) - 0.01)
    assert [watch.over(), watch.over()] == [True, True]
    assert watch.stopped == 4


def test_a_search_that_was_cut_between_two_checks_cannot_be_repeated(clock):
    """One that was cut before its first check can: it came to nothing."""
    checked, fresh, stopped = (Watch(10.0, None, False, None) for _ in range(3))
    checked.over()
    clock[0] += 9
    stopped.over()
    clock[0] += 10
    for watch in (checked, fresh, stopped):
        watch.cut()
    assert (checked.stopped, fresh.stopped, stopped.stopped) == (FORCED, 0, 1)


def test_a_check_after_the_time_to_be_cut_off_is_none_to_stop_at(clock):
    """What went before it may have been cut off itself."""
    watch = Watch(10.0, None, False, None)
    clock[0] += watch.limit
    assert watch.over()
    assert watch.stopped == FORCED


def test_a_search_that_goes_back_to_its_last_check_can_be_repeated(clock):
    """It stopped there."""
    watch = Watch(10.0, None, False, None)
    watch.over()
    watch.cut(back=True)
    assert watch.stopped == 1


def test_cancelling_stops_a_search_at_its_next_check():
    """The clock aside."""
    asked = []
    watch = Watch(1e9, lambda: len(asked) > 1, False, None)
    for _ in range(3):
        watch.over()
        asked.append(True)
    assert watch.stopped == 3
