"""Backend SCIP, from OR-Tools: solves the whole program at once."""

import math
import threading
from typing import Any

import numpy as np
from ortools.linear_solver.python.model_builder_helper import (
    ModelBuilderHelper,
    ModelSolverHelper,
    SolveStatus,
)
from scipy import sparse

from matcher.domain.errors import BackendError
from matcher.problem.program import STEPS_PER_POINT
from matcher.solve.level_model import build_level_model
from matcher.solve.level_problem import NO_SOLUTION, LevelProblem, LevelSolution
from matcher.solve.mip_model import MipModel

CANCEL_POLL_SECONDS = 0.05
"""Seconds between two checks whether the solve is cancelled."""
STATUSES_WITH_PLAN = (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE)
SCIP_INFINITY = 1e20
"""SCIP's infinity; a bound of this size is unknown."""


def maximise(level_problem: LevelProblem) -> LevelSolution:
    """Maximise one level with SCIP."""
    if level_problem.stop.is_cancelled():
        return NO_SOLUTION
    model = build_level_model(level_problem)
    solver = _solver(level_problem, level_problem.stop.seconds)
    solver.solve(_to_helper(model, level_problem))
    return _read_solution(solver, model, level_problem)


def maximise_or_nothing(level_problem: LevelProblem) -> LevelSolution:
    """Maximise one level to the gap asked for; return no solution when time runs out first.

    SCIP's plan at its time limit could not be repeated exactly, so it is not used.
    """
    stop = level_problem.stop
    watch = stop.stop_log.start_search(stop.seconds, stop.cancelled)
    if watch.repeats_no_result:
        return NO_SOLUTION
    if stop.is_cancelled():
        watch.record_cutoff()
        return NO_SOLUTION
    model = build_level_model(level_problem)
    solver = _solver(level_problem, watch.remaining)
    _solve_until_cancelled(solver, _to_helper(model, level_problem), level_problem)
    if stop.is_cancelled() or solver.status() != SolveStatus.OPTIMAL:
        stop.stop_log.clock.spend(stop.seconds)
        watch.record_cutoff()
        return NO_SOLUTION
    return _read_solution(solver, model, level_problem)


def _solve_until_cancelled(solver: ModelSolverHelper, helper: Any, question: LevelProblem) -> None:
    """Solve until SCIP ends or the solve is cancelled; after that SCIP runs on to its time limit.

    The thread is no daemon, so that the process waits for it: SCIP must not be torn down midway.
    """
    thread = threading.Thread(target=solver.solve, args=(helper,))
    thread.start()
    while thread.is_alive() and not question.stop.is_cancelled():
        thread.join(CANCEL_POLL_SECONDS)


def _to_helper(model: MipModel, question: LevelProblem) -> Any:
    """Build OR-Tools' model from the arrays, with the start choice as a hint."""
    helper: Any = ModelBuilderHelper()
    helper.fill_model_from_sparse_data(
        np.zeros(len(model.upper)),
        model.upper.astype(np.float64),
        model.cost,
        model.row_lower,
        model.row_upper,
        sparse.csr_matrix(model.matrix, dtype=np.float64),
    )
    helper.set_maximize(True)
    helper.set_objective_offset(float(model.offset))
    for variable in range(model.integer_count):
        helper.set_var_integrality(variable, True)
    for variable, amount in enumerate(question.columns.amounts(question.start).tolist()):
        helper.add_hint(variable, amount)
    return helper


def _solver(question: LevelProblem, seconds: float) -> ModelSolverHelper:
    solver = ModelSolverHelper("scip")
    if not solver.solver_is_supported():
        raise BackendError("this build of OR-Tools comes without SCIP; try highs")
    limits = f"limits/gap = {question.stop.gap}\n"
    if question.stop.stop_log.clock.counts_work and math.isfinite(seconds):
        nodes = question.params.priced.work.scip_nodes_per_second * seconds
        limits += f"limits/totalnodes = {max(1, round(nodes))}\n"
    elif math.isfinite(seconds):
        solver.set_time_limit_in_seconds(seconds)
    solver.set_solver_specific_parameters(
        f"{limits}randomization/randomseedshift = {question.seed}\n"
    )
    return solver


def _read_solution(
    solver: ModelSolverHelper, model: MipModel, question: LevelProblem
) -> LevelSolution:
    known = solver.has_response() and math.isfinite(solver.best_objective_bound())
    bound = solver.best_objective_bound() * STEPS_PER_POINT if known else None
    if bound is not None and abs(bound) >= SCIP_INFINITY:
        bound = None
    if solver.status() not in STATUSES_WITH_PLAN:
        return LevelSolution(None, None, bound)
    values = np.asarray(solver.variable_values())
    choice = question.columns.choice(np.rint(values[: model.integer_count]).astype(np.int64))
    return LevelSolution(choice, solver.objective_value() * STEPS_PER_POINT, bound)
