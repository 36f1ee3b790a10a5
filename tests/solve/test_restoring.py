"""After a solve from an earlier plan nobody has moved whom it would cost nothing to leave."""

from itertools import product
from typing import Any

import numpy as np
import pytest

from matcher import Policy, Problem, StopCriteria, solve
from matcher.domain import Plan
from matcher.problem.program import UNPLACED
from matcher.problem.score import score
from matcher.solve import WarmStart, price_places
from tests.random_instances import random_instance

pytestmark = pytest.mark.slow
SHAPE: dict[str, Any] = {"households": 9, "municipalities": 5, "bars": 0.3, "room": 0.8}
SEEDS = range(8)


def next_night(seed, gone=2, threshold=40.0):
    """A night's plan, and the problem of the night after it when some have left."""
    policy = Policy.default().with_term("stability", suggestion_threshold=threshold)
    nothing: dict[str, Any] = {"links": (), "suggestions": Plan(), "earlier_plan": Plan()}
    before = random_instance(seed, **SHAPE).replace(**nothing)
    problem = Problem.of(before, policy)
    result = solve(problem, stop=StopCriteria(30, 0))
    kept = before.households[gone:]
    names = {h.id for h in kept}
    suggested = Plan(tuple(p for p in result.plan if p.household in names))
    after = before.replace(households=kept, suggestions=suggested)
    return Problem.of(after, policy), result.plan, price_places(problem, result.choice)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_set_of_moves_gains_its_thresholds(seed):
    """Tried for every subset of who moved: put back, they would be worth less together."""
    problem, plan, prices = next_night(seed)
    warm = WarmStart.from_plan(problem, plan, prices)
    result = solve(problem, stop=StopCriteria(30, 0.5), warm=warm)
    moved = np.flatnonzero((warm.choice != UNPLACED) & (warm.choice != result.choice))
    for back in product([False, True], repeat=len(moved)):
        choice = result.choice.copy()
        choice[moved[list(back)]] = warm.choice[moved[list(back)]]
        assert score(problem.program, choice) <= score(problem.program, result.choice)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("seconds", [0.2, 30.0])
def test_same_night_again_moves_nobody(seed, seconds):
    """With another time limit and another seed."""
    problem, plan, prices = next_night(seed, gone=0)
    warm = WarmStart.from_plan(problem, plan, prices)
    again = solve(problem, seed=5, stop=StopCriteria(seconds, 0.001), warm=warm)
    assert np.array_equal(again.choice, warm.choice)


def test_high_threshold_moves_only_who_cannot_stay():
    """Whatever there is to gain elsewhere; but a place for one more comes before all points."""
    for seed in SEEDS:
        problem, plan, prices = next_night(seed, threshold=1e6)
        warm = WarmStart.from_plan(problem, plan, prices)
        result = solve(problem, stop=StopCriteria(30, 0.001), warm=warm)
        placed = warm.choice != UNPLACED
        if result.score.weight > score(problem.program, warm.choice).weight:
            continue
        assert np.array_equal(result.choice[placed], warm.choice[placed])
