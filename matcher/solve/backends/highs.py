"""Backend HiGHS: solves the whole program as a mixed-integer model, and builds that model."""

import math
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from matcher.domain.tables import FloatArray
from matcher.errors import BackendError
from matcher.problem.program import STEPS_PER_POINT
from matcher.solve.lexicographic import LevelProblem, LevelSolution
from matcher.solve.mip_model import HIGHS_INFINITY, MipModel, build_level_model
from matcher.solve.result import Progress
from matcher.solve.stopping import SearchClock

HIGHS_THREADS = 2
HEURISTIC_EFFORT = 0.02
"""Share of HiGHS' work that goes into heuristics when the number of nodes is limited."""
TIME_LIMIT_STATUS = highspy.HighsModelStatus.kTimeLimit
NO_SOLUTION = LevelSolution(None, None, None)


def maximise(
    level_problem: LevelProblem, max_nodes: int | None = None, absolute_gap: float = 0.0
) -> LevelSolution:
    """Maximise one level with HiGHS' branch and bound.

    Parameters
    ----------
    level_problem : LevelProblem
    max_nodes : int or None
        Most nodes; None for no limit.
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
        solver.setOptionValue("mip_heuristic_effort", HEURISTIC_EFFORT)
    solver.setOptionValue("mip_abs_gap", max(absolute_gap, 0.5 / STEPS_PER_POINT))
    _set_start(solver, level_problem, model)
    solver.run()
    if solver.getModelStatus() == TIME_LIMIT_STATUS:
        watch.record_cutoff()
    # A solution found before the first check cannot be repeated, so it is not used.
    return NO_SOLUTION if watch.stopped_at == 0 else _read_solution(solver, level_problem)


def load_into_highs(model: MipModel, integer: bool = True) -> highspy.Highs:
    """Load a model into HiGHS without console output; as an LP relaxation unless ``integer``.

    Raises
    ------
    BackendError
        When HiGHS refuses the model.
    """
    solver = highspy.Highs()
    # The log is switched on but not shown: HiGHS calls back with its progress only while it logs.
    solver.setOptionValue("log_to_console", False)
    solver.setOptionValue("threads", HIGHS_THREADS)
    lp = highspy.HighsLp()
    rows, variables = model.matrix.shape
    lp.num_col_, lp.num_row_ = variables, rows
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = model.cost, np.zeros(variables), model.upper
    lp.row_lower_, lp.row_upper_ = model.row_lower, model.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = model.matrix.indptr.astype(np.int32)
    lp.a_matrix_.index_ = model.matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = model.matrix.data.astype(np.float64)
    lp.sense_, lp.offset_ = highspy.ObjSense.kMaximize, model.offset
    if integer:
        kinds = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
        lp.integrality_ = [kinds[0]] * model.integer_count + [kinds[1]] * (
            variables - model.integer_count
        )
    if solver.passModel(lp) == highspy.HighsStatus.kError:
        raise BackendError("HiGHS refuses the model; run it with PuLP and write it as an LP file")
    return solver


def append_columns(
    solver: highspy.Highs, cost: FloatArray, upper: FloatArray, matrix: sparse.csc_array
) -> None:
    """Append columns with lower bound 0 to a loaded model.

    Parameters
    ----------
    solver : highspy.Highs
    cost, upper : float array, shape (columns,)
    matrix : sparse array, shape (rows, columns)
    """
    solver.addCols(
        len(cost),
        cost,
        np.zeros(len(cost)),
        upper.astype(np.float64),
        matrix.nnz,
        matrix.indptr.astype(np.int32),
        matrix.indices.astype(np.int32),
        matrix.data.astype(np.float64),
    )


def _solver(question: LevelProblem, model: MipModel, watch: SearchClock) -> highspy.Highs:
    solver = load_into_highs(model)
    solver.setOptionValue("random_seed", question.seed)
    solver.setOptionValue("time_limit", max(0.0, watch.hard_limit))
    solver.setOptionValue("mip_rel_gap", float(question.stop.gap))

    def logged(event: Any) -> None:
        out = event.data_out
        known = (
            abs(out.mip_dual_bound) < HIGHS_INFINITY and abs(out.mip_primal_bound) < HIGHS_INFINITY
        )
        value, bound = (out.mip_primal_bound, out.mip_dual_bound) if known else (None, None)
        question.progress(Progress(question.level, value, bound, out.running_time))

    def interrupt(event: Any) -> None:
        if watch.should_stop():
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
    bound = bound if math.isfinite(bound) and abs(bound) < 1e20 else None
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return LevelSolution(None, None, bound)
    values = np.asarray(solver.getSolution().col_value[: len(question.columns)])
    choice = question.columns.choice(np.rint(values).astype(np.int64))
    return LevelSolution(choice, info.objective_function_value * STEPS_PER_POINT, bound)
