"""The model written for auditors is the one that was solved."""

import highspy
import numpy as np
import pytest

from matcher import Problem, StopCriteria, solve
from matcher.problem.program import STEPS_PER_POINT, UNPLACED
from matcher.solve.construction import build_start_plan
from matcher.solve.level_problem import Level1Hold
from matcher.solve.model_file import write_model
from tests.random_instances import random_instance


def optimum(path):
    """What HiGHS makes of a file."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.readModel(str(path))
    solver.run()
    return solver.getInfo().objective_function_value


@pytest.mark.slow
def test_level_1_is_held_at_what_the_plan_reaches(tmp_path):
    """Where placing by waiting time places too few, the optimum of the file is still the plan."""
    differing = 0
    for seed in range(40):
        problem = Problem.of(random_instance(seed, 8, 3, bars=0.2, room=0.5))
        program = problem.program
        result = solve(problem, backend="highs", stop=StopCriteria(60, 0))
        start = build_start_plan(program)
        if not (result.choice != UNPLACED).any() or not program.spreads:
            continue
        if (
            Level1Hold.of(program, start).min_weight
            == Level1Hold.of(program, result.choice).min_weight
        ):
            continue
        path = tmp_path / f"{seed}.lp"
        write_model(problem, result.choice, path)
        constant = sum(int(np.sum(s.base)) for s in program.spreads) / STEPS_PER_POINT
        assert optimum(path) - constant == pytest.approx(result.score.points, abs=0.01), seed
        differing += 1
    assert differing


def test_an_mps_file_minimises_minus_the_points(tmp_path):
    """The format cannot say *maximise*, so the optimum of the file is the plan's, negated."""
    problem = Problem.of(random_instance(3, 6, 3, bars=0.2))
    result = solve(problem, backend="highs", stop=StopCriteria(60, 0))
    path = tmp_path / "model.mps"
    write_model(problem, result.choice, path)
    constant = sum(int(np.sum(s.base)) for s in problem.program.spreads) / STEPS_PER_POINT
    assert -optimum(path) - constant == pytest.approx(result.score.points, abs=0.01)
