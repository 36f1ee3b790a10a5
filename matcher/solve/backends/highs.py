"""Backend HiGHS: solves the whole program as a mixed-integer model."""

import math
from typing import Any

import highspy
import numpy as np

from matcher.problem.program import STEPS_PER_POINT
from matcher.solve.backends.highs_lp import (
    FEASIBLE_SOLUTION,
    TIME_LIMIT_STATUS,
    load_into_highs,
)
from matcher.solve.level_model import build_level_model
from matcher.solve.level_problem import NO_SOLUTION, LevelProblem, LevelSolution
from matcher.solve.mip_model import MipModel
from matcher.solve.stopping import Progress, SearchClock

UNKNOWN_BOUND = 1e20
"""A bound of this size is unknown."""


def maximise(
    level_problem: LevelProblem, max_nodes: int | None = None, absolute_gap: float = 0.0
) -> LevelSolution:
    """Maximise one level with HiGHS' branch and bound.

    Parameters
    ----------
    level_problem : LevelProblem
    max_nodes : int or None
        Most nodes, as in a subproblem of the LNS; None for no limit.
    absolute_gap : float
        Absolute gap in points at which the search ends.
    """
    watch = level_problem.stop.stop_log.start_search(
        level_problem.stop.seconds, level_problem.stop.cancelled
    )
    if watch.repeats_no_result:
        return NO_SOLUTION
    model = build_level_model(level_problem)
    solver = _solver(level_problem, model, watch)
    if max_nodes is not None:
        solver.setOptionValue("mip_max_nodes", max_nodes)
        effort = level_problem.params.priced.lns.heuristic_effort
        solver.setOptionValue("mip_heuristic_effort", effort)
    solver.setOptionValue("mip_abs_gap", max(absolute_gap, 0.5 / STEPS_PER_POINT))
    _set_start(solver, level_problem, model)
    solver.run()
    if solver.getModelStatus() == TIME_LIMIT_STATUS:
        watch.record_cutoff()
    # A solution found before the first check cannot be repeated, so it is not used.
    return NO_SOLUTION if watch.stopped_at == 0 else _read_solution(solver, level_problem)


def _solver(question: LevelProblem, model: MipModel, watch: SearchClock) -> highspy.Highs:
    solver = load_into_highs(model, question.params.backends.threads)
    solver.setOptionValue("random_seed", question.seed)
    solver.setOptionValue("time_limit", max(0.0, watch.hard_limit))
    solver.setOptionValue("mip_rel_gap", float(question.stop.gap))

    def logged(event: Any) -> None:
        out = event.data_out
        known = math.isfinite(out.mip_dual_bound) and math.isfinite(out.mip_primal_bound)
        value, bound = (out.mip_primal_bound, out.mip_dual_bound) if known else (None, None)
        question.progress(Progress(question.level, value, bound, out.running_time))

    def interrupt(event: Any) -> None:
        if watch.should_stop(question.params.priced.work.mip_check_seconds):
            event.data_in.user_interrupt = True

    solver.cbMipLogging += logged
    solver.cbMipInterrupt += interrupt
    return solver


def _set_start(solver: highspy.Highs, question: LevelProblem, model: MipModel) -> None:
    """Set the start choice; HiGHS computes the values of the segments itself."""
    values = question.columns.amounts(question.start).astype(np.float64)
    solver.setSolution(len(values), np.arange(len(values), dtype=np.int32), values)


def _read_solution(solver: highspy.Highs, question: LevelProblem) -> LevelSolution:
    info = solver.getInfo()
    bound = info.mip_dual_bound * STEPS_PER_POINT
    bound = bound if math.isfinite(bound) and abs(bound) < UNKNOWN_BOUND else None
    if info.primal_solution_status != FEASIBLE_SOLUTION:
        return LevelSolution(None, None, bound)
    values = np.asarray(solver.getSolution().col_value[: len(question.columns)])
    choice = question.columns.choice(np.rint(values).astype(np.int64))
    return LevelSolution(choice, info.objective_function_value * STEPS_PER_POINT, bound)
