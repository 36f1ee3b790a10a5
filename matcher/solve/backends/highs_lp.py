"""HiGHS as a library: load a model, append columns, interrupt, and the statuses that count."""

import threading
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from matcher.domain.errors import BackendError
from matcher.domain.tables.array_types import FloatArray
from matcher.solve.level_problem import LevelProblem
from matcher.solve.mip_model import MipModel
from matcher.solve.stopping import StopCriteria

OPTIMAL_STATUS = highspy.HighsModelStatus.kOptimal
TIME_LIMIT_STATUS = highspy.HighsModelStatus.kTimeLimit
INTERRUPTED_STATUSES = (TIME_LIMIT_STATUS, highspy.HighsModelStatus.kInterrupt)
FEASIBLE_SOLUTION = highspy.SolutionStatus.kSolutionStatusFeasible
ROW_AT_LOWER_LIMIT = highspy.HighsBasisStatus.kLower
_SCHEDULER = threading.local()
"""The number of threads that HiGHS has started for each thread of this process."""


def load_into_highs(model: MipModel, threads: int, integer: bool = True) -> highspy.Highs:
    """Load a model into HiGHS without console output; as an LP relaxation unless ``integer``.

    Raises
    ------
    BackendError
        When HiGHS refuses the model.
    """
    solver = highspy.Highs()
    # The log is switched on but not shown: HiGHS calls back with its progress only while it logs.
    solver.setOptionValue("log_to_console", False)
    _set_threads(solver, threads)
    if solver.passModel(_to_highs_lp(model, integer)) == highspy.HighsStatus.kError:
        raise BackendError("HiGHS refuses the model; run it with PuLP and write it as an LP file")
    return solver


def _set_threads(solver: highspy.Highs, threads: int) -> None:
    """Set the number of threads; HiGHS refuses to run with another one than its first.

    Its threads are started at the first run, and serve all later ones of the same thread. So they
    are ended before another number is set.
    """
    if getattr(_SCHEDULER, "threads", threads) != threads:
        solver.resetGlobalScheduler(True)
    _SCHEDULER.threads = threads
    solver.setOptionValue("threads", threads)


def _to_highs_lp(model: MipModel, integer: bool) -> highspy.HighsLp:
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
    return lp


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


def spend_on_lp(solver: highspy.Highs, level_problem: LevelProblem) -> None:
    """Count the iterations of the last run as work."""
    iterations = max(0, solver.getInfo().simplex_iteration_count)
    per_iteration = level_problem.params.priced.work.lp_iteration_seconds
    level_problem.stop.stop_log.clock.spend(iterations * per_iteration)


def interrupt_when_cancelled(solver: highspy.Highs, stop: StopCriteria) -> None:
    """Interrupt the simplex method when the solve is cancelled."""
    if stop.cancelled is None:
        return

    def interrupt(event: Any) -> None:
        if stop.is_cancelled():
            event.data_in.user_interrupt = True

    solver.cbSimplexInterrupt += interrupt
