"""Planning again from an earlier plan, and ending a solve from outside."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matcher import Problem, StopCriteria, solve
from matcher.problem.program import UNPLACED
from matcher.problem.score import score
from matcher.solve import Progress, WarmStart, price_places
from tests.random_instances import random_instance
from tests.solve.test_exhaustive import EXACT

pytestmark = pytest.mark.slow
SHAPE: dict[str, Any] = {"households": 14, "municipalities": 6, "bars": 0.3}
GAP = 0.01


def planned(instance):
    """A problem with its plan as something to start from."""
    problem = Problem.of(instance)
    result = solve(problem, stop=StopCriteria(60, GAP))
    return result, price_places(problem, result.choice)


def one_more(seed):
    """The queue without its last household, and with it."""
    whole = random_instance(seed, **SHAPE)
    last = whole.households[-1].id
    links = tuple(link for link in whole.links if last not in link)
    return whole.replace(households=whole.households[:-1], links=links), whole


@pytest.mark.parametrize("seed", range(5))
def test_the_same_problem_again_gives_the_same_plan(seed):
    """Started from its own plan and prices, nobody moves, and the gap is no larger."""
    instance = random_instance(seed, **SHAPE)
    result, prices = planned(instance)
    problem = Problem.of(instance)
    warm = WarmStart.from_plan(problem, result.plan, prices, result.levels[1].gap)
    again = solve(problem, stop=StopCriteria(60, GAP), warm=warm)
    assert np.array_equal(again.choice, result.choice)
    assert again.levels[1].gap <= GAP
    assert again.outcome == "proved"


@pytest.mark.parametrize("seed", range(5))
def test_one_household_more_reaches_the_gap_of_a_cold_start(seed):
    """Level 1 is the same as from nothing, level 2 within the gap, and all rules hold."""
    before, after = one_more(seed)
    result, prices = planned(before)
    problem = Problem.of(after)
    warm = solve(
        problem, stop=StopCriteria(60, GAP), warm=WarmStart.from_plan(problem, result.plan, prices)
    )
    cold = solve(problem, stop=StopCriteria(60, 0))
    assert warm.outcome == "proved"
    assert warm.score.weight == cold.score.weight
    assert warm.score.value >= cold.score.value - GAP * abs(cold.levels[1].bound) * 1000 - 1


@pytest.mark.parametrize("seed", range(8))
def test_a_start_keeps_what_holds_and_breaks_nothing(seed):
    """With half the places gone, the start still keeps all rules and moves nobody it can keep."""
    before, after = random_instance(seed, **SHAPE), random_instance(seed, **SHAPE, room=0.4)
    result, _ = planned(before)
    problem = Problem.of(after)
    warm = WarmStart.from_plan(problem, result.plan)
    start = warm.build_start_plan(problem.program)
    assert not score(problem.program, start).broken_rules
    for unit in np.flatnonzero((warm.choice != UNPLACED) & (start != warm.choice)):
        back = start.copy()
        back[unit] = warm.choice[unit]
        others = back.copy()
        others[unit] = UNPLACED
        moved = np.flatnonzero((others != warm.choice) & (others != UNPLACED))
        others[moved] = UNPLACED
        assert score(problem.program, back).broken_rules or len(moved)


@pytest.mark.parametrize("backend", [*EXACT, "greedy", "random"])
def test_every_backend_takes_an_earlier_plan_or_does_without(backend):
    """Whoever cannot start from a plan still plans."""
    problem = Problem.of(random_instance(2, **SHAPE))
    warm = WarmStart(solve(problem, backend="random").choice)
    assert not solve(
        problem, backend=backend, stop=StopCriteria(60, GAP), warm=warm
    ).score.broken_rules


def test_prices_of_another_shape_are_left_out():
    """Prices of other limits are no start; those of the same shape are."""
    instance = random_instance(1, **SHAPE)
    result, prices = planned(instance)
    problem = Problem.of(instance)
    fewer = replace(prices, resources=prices.resources[:-1])
    assert WarmStart.from_plan(problem, result.plan, fewer).prices is None
    assert WarmStart.from_plan(problem, result.plan, prices).prices is prices


@pytest.mark.parametrize("backend", EXACT)
def test_cancelled_at_once_there_is_a_plan_that_keeps_the_rules(backend):
    """Asked to stop before it began, a backend hands over what it has."""
    problem = Problem.of(random_instance(3, 30, 12, bars=0.2, room=0.6))
    result = solve(problem, backend=backend, stop=StopCriteria(60, 0, lambda: True))
    assert result.plan is not None
    assert not result.score.broken_rules


def test_cancelled_on_the_way_the_best_plan_so_far_is_kept():
    """The flag is raised at the first news; what was told then is not lost."""
    problem = Problem.of(random_instance(5, 60, 20, bars=0.2, room=0.5))
    news: list[Progress] = []
    stop = StopCriteria(60, 0, lambda: bool(news))
    result = solve(problem, stop=stop, progress=news.append)
    told = [p for p in news if p.value is not None and p.level == 2]
    assert result.plan is not None
    assert all(result.levels[1].value >= p.value - 1e-6 for p in told)


def test_progress_tells_bounds_that_fall_and_values_that_rise():
    """The solver's own news never turn back at a level."""
    problem = Problem.of(random_instance(5, 60, 20, bars=0.2, room=0.8))
    news: list[Progress] = []
    solve(problem, stop=StopCriteria(60, 0.001), progress=news.append)
    level = [p for p in news if p.level == 2 and p.value is not None and p.bound is not None]
    assert level
    assert all(p.bound >= p.value - 1e-6 * max(1, abs(p.value)) for p in level)


def test_a_wrong_gap_of_an_earlier_plan_never_makes_a_plan_worse_than_its_start():
    """However large the gap that is good enough, the start is the least."""
    problem = Problem.of(random_instance(4, **SHAPE))
    warm = WarmStart(solve(problem, backend="greedy").choice, gap=10.0)
    start = score(problem.program, warm.build_start_plan(problem.program))
    assert solve(problem, stop=replace(StopCriteria(), gap=0.0), warm=warm).score >= start
