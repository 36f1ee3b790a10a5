"""Bounds with cuts lie between the best plan and the LP."""

from dataclasses import replace
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from instances import Profile, generate
from instances.known import load_known_optima
from matcher import Policy, Problem, StopCriteria, solve
from matcher.problem.program import UNPLACED
from matcher.problem.score import score
from matcher.solve import BACKENDS
from matcher.solve.construction import build_start_plan
from matcher.solve.priced.cut_loop import tighten_with_cuts
from matcher.solve.priced.relaxation import solve_level_relaxation
from matcher.solve.stopping import StopLog
from tests.random_instances import random_instance
from tests.solve.level_questions import bounds, build_question, upper_bound
from tests.solve.test_exhaustive import KINDS

cutting = import_module("matcher.solve.priced.cut_loop")
SHAPES = [*KINDS.values(), {"households": 12, "municipalities": 10, "bars": 0.2, "room": 0.5}]
KNOWN = {answer.name: answer for answer in load_known_optima()}


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES, ids=[str(s) for s in SHAPES])
def test_the_bound_with_cuts_lies_between_optimum_and_lp(shape, dense_cuts):
    """And the best plan is worth no more than the bound less what its pairs lose."""
    tighter = 0
    for seed in range(15):
        problem = Problem.of(random_instance(seed, **shape))
        best = solve(problem, backend="highs", stop=StopCriteria(60, 0))
        question, relaxed, tight = bounds(problem.program, best.choice, 2, dense_cuts)
        assert best.score.value - 0.5 <= tight.bound <= relaxed.bound, seed
        assert best.score.value - 0.5 <= upper_bound(question, tight, best.choice), seed
        assert (tight.reduced_values <= 1e-6).all(), seed
        assert np.array_equal(np.isneginf(tight.reduced_values), ~question.columns.classes.open), (
            seed
        )
        assert tight.prices is relaxed.prices
        tighter += tight.bound < relaxed.bound - 1
    assert tighter or shape["households"] < 6 or shape["municipalities"] == 1


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_a_plan_with_a_pair_is_worth_no_more_than_the_pair_allows(seed, dense_cuts):
    """The best plan with each pair, forced one by one, stays below bound and reduced value."""
    shape: dict[str, Any] = {"households": 6, "municipalities": 4, "bars": 0.2, "room": 0.7}
    problem = Problem.of(random_instance(seed, **shape))
    program = problem.program
    best = solve(problem, backend="highs", stop=StopCriteria(60, 0))
    question, _, tight = bounds(program, best.choice, 2, dense_cuts)
    classes = question.columns.classes
    for kind, municipality in np.argwhere(classes.open):
        only = program.allowed.copy()
        only[classes.representative[kind]] = np.arange(program.shape[1]) == municipality
        forced = BACKENDS["highs"](
            replace(program, allowed=only), StopCriteria(60, 0), 1, lambda _: None
        ).choice
        found = score(program, forced)
        if forced[classes.representative[kind]] == UNPLACED or found.weight < best.score.weight:
            continue
        allowed = tight.bound + 1000 * tight.reduced_values[kind, municipality]
        assert found.value <= allowed + 0.5, (kind, municipality)
        assert found.value <= upper_bound(question, tight, forced) + 0.5, (kind, municipality)


@pytest.mark.slow
def test_the_bound_of_level_1_with_cuts_lies_between_optimum_and_lp(dense_cuts):
    """As at level 2; where places are too few, the LP places households by halves."""
    open_, tighter = 0, 0
    for seed in range(40):
        instance = random_instance(seed, 12, 3, bars=0.1, room=0.3)
        program = Problem.of(instance).program
        best = BACKENDS["highs"](program, StopCriteria(60, 0), 1, lambda _: None).choice
        weight = score(program, best).weight
        start = build_start_plan(program)
        question, relaxed, tight = bounds(program, start, 1, dense_cuts)
        assert weight - 0.5 <= tight.bound <= relaxed.bound, seed
        assert weight - 0.5 <= upper_bound(question, tight, best), seed
        open_ += relaxed.bound > weight + 1
        tighter += tight.bound < relaxed.bound - 1
    assert open_ >= 5
    assert tighter >= open_ / 2


LOOSE = {
    "assignment-middle.txt 2 max": 0.6,
    "assignment-middle.txt 2 min": 0.3,
    "scores-middle placed first": 0.3,
    "scores-middle score only": 0.5,
}
"""Problems whose LP is far from the best plan, and what part of the way cuts must come."""


@pytest.mark.slow
@pytest.mark.parametrize(("name", "part"), LOOSE.items())
def test_cuts_bring_a_loose_bound_down_by_a_good_part(name, part):
    """Of the distance between the LP and the known best plan."""
    answer = KNOWN[name]
    start = build_start_plan(answer.program)
    if score(answer.program, start).weight < answer.weight:
        start = BACKENDS["highs"](answer.program, StopCriteria(60, 0), 1, lambda _: None).choice
    _, relaxed, tight = bounds(answer.program, start, 2)
    assert answer.value - 0.5 <= tight.bound
    assert relaxed.bound - tight.bound >= part * (relaxed.bound - answer.value)


@pytest.fixture(scope="module")
def queue():
    """Sixty households on the real municipalities, and their best plan.

    Who has not said what it can receive has no limit here, so that everybody finds a place and the
    plan is proved in a moment.
    """
    policy = Policy.default().with_rule("places_now", months=1000.0)
    problem = Problem.of(generate(Profile.read("night"), seed=2, households=60), policy)
    return problem.program, solve(problem, stop=StopCriteria(60, 0))


def test_cuts_close_nearly_all_of_the_distance_on_a_small_night(queue):
    """Though the LP has few of its thousands of pairs, and so had the cuts when they were made."""
    program, best = queue
    question, relaxed, tight = bounds(program, best.choice, 2)
    distance = relaxed.bound - best.score.value
    assert distance > 10_000
    assert -0.5 <= tight.bound - best.score.value <= 0.1 * distance
    assert best.score.value - 0.5 <= upper_bound(question, tight, best.choice)


def test_cuts_stop_where_the_plan_so_far_is_proved(queue, monkeypatch):
    """With a plan as good as the LP's bound there is nothing to gain, and no cut is made."""
    program, best = queue
    question = build_question(program, best.choice, 2)
    relaxed = solve_level_relaxation(question, 60)
    monkeypatch.setattr(cutting, "separate_gomory_cuts", None)
    assert tighten_with_cuts(question, relaxed, relaxed.bound, 60).bound <= relaxed.bound


def test_cuts_that_the_clock_stopped_are_repeated_to_the_bit(queue, monkeypatch):
    """The rounds are counted."""
    # The LP would ask as well, as often as it likes.
    monkeypatch.setattr(cutting, "interrupt_when_cancelled", lambda *_: None)
    program, best = queue
    question = build_question(program, best.choice, 2)
    relaxed = solve_level_relaxation(question, 60)
    looks = iter([False, False, False])
    stops = StopLog()
    stop = StopCriteria(60, 0, cancelled=lambda: next(looks, True), stop_log=stops)
    first = tighten_with_cuts(replace(question, stop=stop), relaxed, -np.inf, 60)
    assert stops.stop_checks == (4,)
    stop = StopCriteria(60, 0, stop_log=StopLog(stops.stop_checks))
    again = tighten_with_cuts(replace(question, stop=stop), relaxed, -np.inf, 1e-9)
    assert again.bound == first.bound
    assert np.array_equal(again.reduced_values, first.reduced_values)
    assert np.array_equal(again.flows, first.flows)
