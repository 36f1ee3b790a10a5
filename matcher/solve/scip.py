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

from matcher.errors import BackendError
from matcher.program import PER_POINT
from matcher.solve.highs import NOTHING, Model, level_model
from matcher.solve.levels import Answer, Question

CANCEL_POLL_SECONDS = 0.05
"""Seconds between two checks whether the solve is cancelled."""
STATUSES_WITH_PLAN = (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE)
SCIP_INFINITY = 1e20
"""SCIP's infinity; a bound of this size is unknown."""


def maximise(question: Question) -> Answer:
    """Maximise one level with SCIP."""
    if question.stop.asked():
        return NOTHING
    model = level_model(question)
    solver = _solver(question, question.stop.seconds)
    solver.solve(_to_helper(model, question))
    return _read_solution(solver, model, question)


def prove(question: Question) -> Answer:
    """Maximise one level to the gap asked for; return no solution when time runs out first.

    SCIP's plan at its time limit could not be repeated exactly, so it is not used.
    """
    stop = question.stop
    watch = stop.stops.watch(stop.seconds, stop.cancelled)
    if watch.skips:
        return NOTHING
    if stop.asked():
        watch.cut()
        return NOTHING
    model = level_model(question)
    solver = _solver(question, watch.left)
    _solve_until_cancelled(solver, _to_helper(model, question), question)
    if stop.asked() or solver.status() != SolveStatus.OPTIMAL:
        watch.cut()
        return NOTHING
    return _read_solution(solver, model, question)


def _solve_until_cancelled(solver: ModelSolverHelper, helper: Any, question: Question) -> None:
    """Solve until SCIP ends or the solve is cancelled; after that SCIP runs on to its time limit.

    The thread is no daemon, so that the process waits for it: SCIP must not be torn down midway.
    """
    thread = threading.Thread(target=solver.solve, args=(helper,))
    thread.start()
    while thread.is_alive() and not question.stop.asked():
        thread.join(CANCEL_POLL_SECONDS)


def _to_helper(model: Model, question: Question) -> Any:
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
    for variable in range(model.integers):
        helper.set_var_integrality(variable, True)
    for variable, amount in enumerate(question.columns.amounts(question.start).tolist()):
        helper.add_hint(variable, amount)
    return helper


def _solver(question: Question, seconds: float) -> ModelSolverHelper:
    solver = ModelSolverHelper("scip")
    if not solver.solver_is_supported():
        raise BackendError("this build of OR-Tools comes without SCIP; try highs")
    if math.isfinite(seconds):
        solver.set_time_limit_in_seconds(seconds)
    solver.set_solver_specific_parameters(
        f"limits/gap = {question.stop.gap}\nrandomization/randomseedshift = {question.seed}\n"
    )
    return solver


def _read_solution(solver: ModelSolverHelper, model: Model, question: Question) -> Answer:
    known = solver.has_response() and math.isfinite(solver.best_objective_bound())
    bound = solver.best_objective_bound() * PER_POINT if known else None
    if bound is not None and abs(bound) >= SCIP_INFINITY:
        bound = None
    if solver.status() not in STATUSES_WITH_PLAN:
        return Answer(None, None, bound)
    values = np.asarray(solver.variable_values())
    choice = question.columns.choice(np.rint(values[: model.integers]).astype(np.int64))
    return Answer(choice, solver.objective_value() * PER_POINT, bound)
