"""SCIP proves, or returns nothing when it is cancelled or its time is too short."""

import threading
import time
from dataclasses import replace

import pytest

from instances import Profile, generate
from matcher import Problem, StopCriteria, solve
from matcher.problem.score import score
from matcher.solve.backends import scip
from matcher.solve.construction import build_start_plan
from matcher.solve.level_problem import NO_SOLUTION
from matcher.solve.stopping import StopLog
from tests.random_instances import random_instance
from tests.solve.level_questions import build_question


@pytest.fixture(scope="module")
def long_question():
    """A night that keeps SCIP busy for longer than any test here gives it."""
    problem = Problem.of(generate(Profile.read("night"), seed=1, households=300))
    return build_question(problem.program, build_start_plan(problem.program), 2)


@pytest.mark.slow
def test_scip_left_to_prove_gives_up_when_cancelled(long_question):
    """It returns nothing, soon after someone cancels, however much time it has."""
    called, before = threading.Event(), threading.enumerate()
    stops = StopLog()
    stop = StopCriteria(4, 0, cancelled=called.is_set, stop_log=stops)
    threading.Timer(0.2, called.set).start()
    begun = time.perf_counter()
    found = scip.maximise_or_nothing(replace(long_question, stop=stop))
    assert found == NO_SOLUTION
    assert time.perf_counter() - begun < 2
    assert stops.stop_checks == (0,)
    # It has time left and goes on by itself. No process may end before it does.
    left = [thread for thread in threading.enumerate() if thread not in before]
    assert left
    for thread in left:
        thread.join()


def test_scip_cancelled_before_it_starts_is_never_asked(long_question, monkeypatch):
    """Nothing is returned, and no model is built."""
    monkeypatch.setattr(scip, "build_level_model", None)
    stop = StopCriteria(60, 0, cancelled=lambda: True)
    assert scip.maximise_or_nothing(replace(long_question, stop=stop)) == NO_SOLUTION


def test_scip_whose_time_is_too_short_proves_nothing(long_question):
    """What it has by then is not used, and a repetition does not ask it at all."""
    stops = StopLog()
    found = scip.maximise_or_nothing(
        replace(long_question, stop=StopCriteria(0.3, 0, stop_log=stops))
    )
    assert found == NO_SOLUTION
    assert stops.stop_checks == (0,)
    again = replace(long_question, stop=StopCriteria(60, 0, stop_log=StopLog(stops.stop_checks)))
    begun = time.perf_counter()
    assert scip.maximise_or_nothing(again) == NO_SOLUTION
    assert time.perf_counter() - begun < 0.1


def test_scip_proves_what_highs_proves():
    """To the gap asked for, with a bound that is no lower than the best plan."""
    for seed in range(5):
        problem = Problem.of(random_instance(seed, 8, 4, bars=0.2))
        best = solve(problem, backend="highs", stop=StopCriteria(60, 0))
        found = scip.maximise_or_nothing(build_question(problem.program, best.choice, 2))
        assert score(problem.program, found.choice).value == best.score.value
        assert found.bound == pytest.approx(best.score.value, rel=1e-9, abs=0.5)
