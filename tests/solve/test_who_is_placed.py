"""However little time there is, no insertion and no exchange improves who is placed."""

from itertools import product
from typing import Any

import numpy as np
import pytest

from matcher import Problem, StopCriteria, solve
from matcher.problem.program import UNPLACED
from matcher.problem.score import score
from matcher.solve.construction import build_start_plan, order_by_waiting_time, place_in_order
from matcher.solve.who_is_placed import improve_who_is_placed
from tests.random_instances import random_instance
from tests.solve.test_exhaustive import EXACT

SCARCE: dict[str, Any] = {"households": 12, "municipalities": 4, "bars": 0.2, "room": 0.35}
SEEDS = range(30)


def improvements(program, choice):
    """Every plan that one insertion or one exchange makes of a plan and that places more weight."""
    before = score(program, choice)
    units, towns = program.shape
    waiting = [u for u in range(units) if choice[u] == UNPLACED]
    leaving = [None, *(u for u in range(units) if choice[u] != UNPLACED)]
    for unit, other, town in product(waiting, leaving, range(towns)):
        if other is not None and choice[other] != town:
            continue
        changed = choice.copy()
        changed[unit] = town
        if other is not None:
            changed[other] = UNPLACED
        after = score(program, changed)
        if not after.broken_rules and after.weight > before.weight:
            yield unit, other, town


@pytest.mark.parametrize("seed", SEEDS)
def test_no_insertion_or_exchange_is_left(seed):
    """Counted by trying every one; some of these plans could be improved before."""
    program = Problem.of(random_instance(seed, **SCARCE)).program
    for choice in (
        np.full(program.shape[0], UNPLACED),
        place_in_order(program, order_by_waiting_time(program)),
        build_start_plan(program),
    ):
        improved = improve_who_is_placed(program, choice)
        assert not score(program, improved).broken_rules
        assert score(program, improved).weight >= score(program, choice).weight
        assert not list(improvements(program, improved))


def test_plans_of_today_leave_some():
    """So that the test above has something to find."""
    left = 0
    for seed in SEEDS:
        program = Problem.of(random_instance(seed, **SCARCE)).program
        left += bool(list(improvements(program, build_start_plan(program))))
    assert left >= 3


@pytest.mark.slow
@pytest.mark.parametrize("backend", EXACT)
@pytest.mark.parametrize("seconds", [0.001, 2.0])
def test_no_backend_leaves_any_whatever_its_time(backend, seconds):
    """Also where level 2 places others of the same weight than level 1 did."""
    for seed in range(4):
        problem = Problem.of(random_instance(seed, **SCARCE))
        result = solve(problem, backend=backend, stop=StopCriteria(seconds, 0.001))
        assert not list(improvements(problem.program, result.choice))


def test_who_can_move_makes_way_for_who_cannot():
    """Nobody loses a place, and one more has one."""
    for seed in SEEDS:
        program = Problem.of(random_instance(seed, **SCARCE)).program
        choice = improve_who_is_placed(program, np.full(program.shape[0], UNPLACED))
        for unit in np.flatnonzero(choice == UNPLACED):
            for other, town in product(np.flatnonzero(choice != UNPLACED), range(4)):
                changed = choice.copy()
                changed[unit], changed[other] = choice[other], town
                after = score(program, changed)
                assert after.broken_rules or after.weight <= score(program, choice).weight
