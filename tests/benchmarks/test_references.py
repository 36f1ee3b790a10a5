"""What seconds are measured against: the LP alone, and one look at every pair."""

import numpy as np
import pytest

from benchmarks import references
from benchmarks.references import best_open_places, measure_lp_bound, measure_pair_pass
from benchmarks.row import Row, Task
from matcher import Problem, StopCriteria, solve
from matcher.solve.priced.relaxation import solve_relaxation
from tests.random_instances import random_instance

TASK = Task("any", "lp", 1, 30.0, 0.0)
EMPTY = Row.of(TASK, "measured")


@pytest.mark.parametrize("room", [1.0, 0.5])
@pytest.mark.parametrize("seed", range(3))
def test_no_plan_that_places_as_many_is_above_the_lp_alone(seed, room):
    """The proved optimum is beneath it; the LP has a bound, and no plan."""
    problem = Problem.of(random_instance(seed, 20, 8, bars=0.2, room=room))
    row = measure_lp_bound(problem, TASK, EMPTY)
    best = solve(problem, stop=StopCriteria(60, 0))
    assert best.outcome == "proved"
    assert row.outcome == "bound"
    assert row.value_1 <= best.levels[0].value
    assert row.bound_2 >= best.levels[1].value - 1e-3
    assert row.placed is row.value_2 is None


def test_an_lp_that_was_stopped_says_so(monkeypatch):
    """Its bound holds still, but is no reference."""

    def stopped(program, choice, seconds, stops):
        stops.start_search(seconds).record_cutoff()
        return solve_relaxation(program, choice, seconds, stops)

    monkeypatch.setattr(references, "solve_relaxation", stopped)
    row = measure_lp_bound(Problem.of(random_instance(1, 20, 8)), TASK, EMPTY)
    assert row.outcome == "loose bound"
    assert row.bound_2 is not None


def test_one_pass_looks_at_every_pair():
    """Each unit's best open municipality, as found one by one."""
    program = Problem.of(random_instance(3, 30, 9, bars=0.3)).program
    for unit, place in enumerate(best_open_places(program)):
        points = np.where(program.feasible_pairs[unit], program.pair_values[unit], -np.inf)
        assert points[place] == points.max()


def test_one_pass_is_told_in_milliseconds_too():
    """It takes less than one."""
    row = measure_pair_pass(Problem.of(random_instance(3, 5, 3)), TASK, EMPTY)
    assert row.call_ms == pytest.approx(1000 * row.solve_seconds)
    assert row.call_ms > 0
