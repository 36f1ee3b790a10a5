"""The same effort gives the same plan to the bit, however busy the machine is."""

import json
import re
import threading
from dataclasses import replace

import numpy as np
import pytest

from instances import Profile, generate
from matcher import Problem, StopCriteria, solve
from matcher.report.result_writing import format_result
from matcher.solve import WarmStart, price_places
from matcher.solve.solver import pricing_limits
from matcher.solve.stopping import SearchClock, WorkClock
from tests.solve.test_exhaustive import EXACT


def files(problem, stop, **more):
    """The files of a result and its prices, without the seconds that it took."""
    result = solve(problem, stop=stop, **more)
    pricing = pricing_limits(stop, result.seconds)
    prices = price_places(
        problem, result.choice, seconds=pricing.seconds, stop_log=pricing.stop_log
    )
    written = format_result(problem, replace(result, prices=prices))
    return {
        name: re.sub(rb'"seconds": [\d.e-]+', b'"seconds": 0', body)
        for name, body in written.items()
    }


@pytest.fixture(scope="module")
def problem():
    """A queue for which there are too few places, which takes every backend a while."""
    return Problem.of(generate(Profile.read("tight"), seed=5, households=90))


@pytest.fixture
def busy():
    """A machine that does something else as well."""
    ended = threading.Event()

    def work():
        while not ended.is_set():
            np.sort(np.random.default_rng(1).random(50_000))

    threads = [threading.Thread(target=work) for _ in range(3)]

    def start():
        for thread in threads:
            thread.start()

    yield start
    ended.set()
    for thread in threads:
        thread.join()


@pytest.mark.slow
@pytest.mark.parametrize("backend", EXACT)
@pytest.mark.parametrize("effort", [0.02, 0.5])
def test_same_effort_gives_the_same_bytes(backend, effort, problem, busy):
    """Plan, facts and prices; the time limit beside it makes no difference."""
    first = files(problem, StopCriteria(60, 0, effort=effort), backend=backend)
    busy()
    again = files(problem, StopCriteria(1e-6, 0, effort=effort), backend=backend)
    assert again == first
    facts = json.loads(first["result.json"])
    assert backend != "priced" or effort > 0.1 or any(facts["stops"])
    assert (facts["effort"], facts["repeatable"]) == (effort, True)


@pytest.mark.slow
def test_same_effort_from_the_same_plan_gives_the_same_bytes(problem, busy):
    """As a night does that starts from the night before."""
    warm = WarmStart(solve(problem, backend="greedy").choice)
    stop = StopCriteria(60, 0, effort=0.3)
    first = files(problem, stop, warm=warm)
    busy()
    assert files(problem, stop, warm=warm) == first


def test_more_effort_searches_on():
    """A search ends at the check at which its work is done."""
    for effort, last in ((1.0, 9), (2.0, 17)):
        watch = SearchClock(effort, None, False, None, clock=WorkClock())
        checks = next(n for n in range(1, 99) if watch.should_stop(0.1))
        assert checks == last
        assert watch.remaining_time == watch.hard_limit == float("inf")


@pytest.mark.slow
def test_plan_that_the_clock_ended_is_not_called_repeatable(problem):
    """And one that was proved before is."""
    stopped = solve(problem, stop=StopCriteria(0.2, 0))
    assert any(stop is not None for stop in stopped.stops)
    assert not stopped.repeatable
    assert solve(problem, stop=StopCriteria(60, 0.5)).repeatable


@pytest.mark.parametrize("effort", [0.0, -1.0, float("nan"), float("inf")])
def test_effort_is_a_number_above_0(effort):
    """As a time limit is."""
    with pytest.raises(ValueError, match="effort"):
        StopCriteria(effort=effort)
