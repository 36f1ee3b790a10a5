"""SCIP on a whole program at once, as OR-Tools brings it: a fourth exact solver."""

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

LISTENING = 0.05
"""Seconds between two looks at whether someone has cancelled."""
FOUND = (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE)
BEYOND = 1e20
"""What SCIP takes for infinite, also as a bound."""


def maximise(question: Question) -> Answer:
    """Maximise one level with SCIP."""
    if question.stop.asked():
        return NOTHING
    model = level_model(question)
    solver = _solver(question, question.stop.seconds)
    solver.solve(_to_helper(model, question))
    return _answer(solver, model, question)


def prove(question: Question) -> Answer:
    """Maximise one level to the gap asked for, or come to nothing when time is up.

    What SCIP has when its time is up cannot be found again to the bit, so it is not used.
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
    _listening(solver, _to_helper(model, question), question)
    if stop.asked() or solver.status() != SolveStatus.OPTIMAL:
        watch.cut()
        return NOTHING
    return _answer(solver, model, question)


def _listening(solver: ModelSolverHelper, helper: Any, question: Question) -> None:
    """Solve until it ends, or someone cancels: SCIP is then left to itself until its time is up.

    The process does not end before the thread has: it would be torn down in the middle.
    """
    thread = threading.Thread(target=solver.solve, args=(helper,))
    thread.start()
    while thread.is_alive() and not question.stop.asked():
        thread.join(LISTENING)


def _to_helper(model: Model, question: Question) -> Any:
    """Hand the model over as arrays, with the choice to start from."""
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


def _answer(solver: ModelSolverHelper, model: Model, question: Question) -> Answer:
    known = solver.has_response() and math.isfinite(solver.best_objective_bound())
    bound = solver.best_objective_bound() * PER_POINT if known else None
    if bound is not None and abs(bound) >= BEYOND:
        bound = None
    if solver.status() not in FOUND:
        return Answer(None, None, bound)
    values = np.asarray(solver.variable_values())
    choice = question.columns.choice(np.rint(values[: model.integers]).astype(np.int64))
    return Answer(choice, solver.objective_value() * PER_POINT, bound)
