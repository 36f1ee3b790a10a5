"""A solve that the clock stopped is repeated to the bit, however fast the machine is then."""

import time
from dataclasses import replace

import numpy as np
import pytest

from instances import Profile, generate
from matcher.problem.problem import Problem
from matcher.solve import StopCriteria, solve
from matcher.solve.solver import price_places
from matcher.solve.stopping import DEFAULT_STOPPING, FORCED_CUTOFF, SearchClock, StopLog


@pytest.fixture(scope="module")
def problem() -> Problem:
    """A night on which there is always something left to find in so short a time."""
    return Problem.of(generate(Profile.read("night"), seed=3, households=250))


@pytest.mark.slow
def test_a_solve_that_the_clock_stopped_is_repeated_to_the_bit(problem):
    """The same choice, values and bounds, although the repetition has no clock at all."""
    first = solve(problem, seed=5, stop=StopCriteria(1.2, 0))
    assert any(stop is not None for stop in first.stops)
    assert FORCED_CUTOFF not in first.stops
    again = solve(problem, seed=5, stop=StopCriteria(1e-6, 0), repeat=first.stops)
    assert np.array_equal(again.choice, first.choice)
    assert again.stops == first.stops
    timeless = [[replace(level, seconds=0.0) for level in r.levels] for r in (first, again)]
    assert timeless[0] == timeless[1]


def test_prices_that_the_clock_stopped_are_repeated_to_the_bit(problem):
    """The rounds of the relaxation are counted as well."""
    choice = solve(problem, backend="greedy").choice
    stops = StopLog()
    first = price_places(problem, choice, seconds=1e-9, stop_log=stops)
    assert stops.stop_checks != (None,)
    again = price_places(problem, choice, stop_log=StopLog(stops.stop_checks))
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
    watch = SearchClock(10.0, None, False, None)
    assert [watch.should_stop() for _ in range(3)] == [False] * 3
    clock[0] += 10 * DEFAULT_STOPPING.soft_share + 0.01
    assert watch.remaining == pytest.approx(10 * (1 - DEFAULT_STOPPING.soft_share) - 0.01)
    assert [watch.should_stop(), watch.should_stop()] == [True, True]
    assert watch.stopped_at == 4


def test_a_search_that_was_cut_between_two_checks_cannot_be_repeated(clock):
    """One that was cut before its first check can: it came to nothing."""
    checked, fresh, stopped = (SearchClock(10.0, None, False, None) for _ in range(3))
    checked.should_stop()
    clock[0] += 9
    stopped.should_stop()
    clock[0] += 10
    for watch in (checked, fresh, stopped):
        watch.record_cutoff()
    assert (checked.stopped_at, fresh.stopped_at, stopped.stopped_at) == (FORCED_CUTOFF, 0, 1)


def test_a_check_after_the_time_to_be_cut_off_is_none_to_stop_at(clock):
    """What went before it may have been cut off itself."""
    watch = SearchClock(10.0, None, False, None)
    clock[0] += watch.hard_limit
    assert watch.should_stop()
    assert watch.stopped_at == FORCED_CUTOFF


def test_a_search_that_goes_back_to_its_last_check_can_be_repeated(clock):
    """It stopped there."""
    watch = SearchClock(10.0, None, False, None)
    watch.should_stop()
    watch.record_cutoff(at_last_check=True)
    assert watch.stopped_at == 1


def test_cancelling_stops_a_search_at_its_next_check():
    """The clock aside."""
    asked: list[bool] = []
    watch = SearchClock(1e9, lambda: len(asked) > 1, False, None)
    for _ in range(3):
        watch.should_stop()
        asked.append(True)
    assert watch.stopped_at == 3
