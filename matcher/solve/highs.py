"""Backend HiGHS: solves the whole program as a mixed-integer model, and builds that model."""

import math
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from matcher.errors import BackendError
from matcher.program import PER_POINT
from matcher.solve.columns import Columns
from matcher.solve.levels import Answer, Question
from matcher.solve.result import Progress
from matcher.solve.stopping import Watch
from matcher.tables import FloatArray

THREADS = 2
INFINITY = highspy.kHighsInf
HEURISTIC_EFFORT = 0.02
"""Share of HiGHS' work that goes into heuristics when the number of nodes is limited."""
TIME_LIMIT = highspy.HighsModelStatus.kTimeLimit
NOTHING = Answer(None, None, None)


def maximise(question: Question, nodes: int | None = None, within: float = 0.0) -> Answer:
    """Maximise one level with HiGHS' branch and bound.

    Parameters
    ----------
    question : Question
    nodes : int or None
        Most nodes; None for no limit.
    within : float
        Absolute gap in points at which the search ends.
    """
    watch = question.stop.stops.watch(question.stop.seconds, question.stop.cancelled)
    if watch.skips:
        return NOTHING
    model = level_model(question)
    solver = _solver(question, model, watch)
    if nodes is not None:
        solver.setOptionValue("mip_max_nodes", nodes)
        solver.setOptionValue("mip_heuristic_effort", HEURISTIC_EFFORT)
    solver.setOptionValue("mip_abs_gap", max(within, 0.5 / PER_POINT))
    _set_start(solver, question, model)
    solver.run()
    if solver.getModelStatus() == TIME_LIMIT:
        watch.cut()
    # A solution found before the first check cannot be repeated, so it is not used.
    return NOTHING if watch.stopped == 0 else _read_solution(solver, question)


@dataclass(frozen=True, eq=False)
class Model:
    """A mixed-integer program in points: columns first, then segments of spread costs.

    Parameters
    ----------
    cost, upper : float array, shape (variables,)
    matrix : sparse array, shape (rows, variables)
    row_lower, row_upper : float array, shape (rows,)
    integers : int
        Number of integer variables, which come first.
    offset : float
        Value when all variables are 0.
    """

    cost: FloatArray
    upper: FloatArray
    matrix: sparse.csr_array
    row_lower: FloatArray
    row_upper: FloatArray
    integers: int
    offset: float


def level_model(question: Question) -> Model:
    """Build the mixed-integer program of one level."""
    columns, parts = question.columns, _limit_rows(question)
    if question.level == 2:
        parts = [*parts, _spread_rows(columns)]
    width = max(matrix.shape[1] for matrix, _, _ in parts)
    wide = [
        sparse.csr_array((m.data, m.indices, m.indptr), (m.shape[0], width)) for m, _, _ in parts
    ]
    cost, offset = _objective(question, width)
    lengths = columns.segments.length if width > len(columns) else np.zeros(0)
    return Model(
        cost=cost,
        upper=np.concatenate([columns.upper, lengths]),
        matrix=sparse.vstack(wide, format="csr"),
        row_lower=np.concatenate([lower for _, lower, _ in parts]),
        row_upper=np.concatenate([upper for _, _, upper in parts]),
        integers=len(columns),
        offset=offset,
    )


Part = tuple[Any, FloatArray, FloatArray]


def _limit_rows(question: Question) -> list[Part]:
    columns = question.columns
    count = columns.classes.count.astype(np.float64)
    must = question.hold.units[columns.classes.first]
    parts: list[Part] = [
        (columns.kinds, np.where(must, count, 0.0), count),
        (
            columns.resources.matrix,
            np.full(len(columns.resources.upper), -INFINITY),
            columns.resources.upper.astype(np.float64),
        ),
    ]
    if question.hold.weight is not None:
        scale = max(1, math.gcd(*map(int, columns.program.weight)))
        row = sparse.csr_array((columns.weight / scale)[None, :])
        parts.append((row, np.array([question.hold.weight / scale]), np.array([INFINITY])))
    return parts


def _spread_rows(columns: Columns) -> Part:
    rows, segments = columns.spreads, columns.segments
    count = len(rows.upper)
    pieces = sparse.csr_array(
        (-np.ones(len(segments.row)), (segments.row, np.arange(len(segments.row)))),
        shape=(count, len(segments.row)),
    )
    matrix = sparse.hstack([rows.matrix, pieces], format="csr")
    return matrix, np.zeros(count), np.zeros(count)


def _objective(question: Question, width: int) -> tuple[FloatArray, float]:
    columns = question.columns
    if question.level == 1:
        return np.pad(columns.weight / PER_POINT, (0, width - len(columns))), 0.0
    segments = columns.segments
    cost = np.concatenate([columns.points, -segments.slope]) / PER_POINT
    return cost, (columns.classes.extra - segments.base) / PER_POINT


def load(model: Model, integer: bool = True) -> highspy.Highs:
    """Load a model into HiGHS without console output; as an LP relaxation unless ``integer``.

    Raises
    ------
    BackendError
        When HiGHS refuses the model.
    """
    solver = highspy.Highs()
    # The log is switched on but not shown: HiGHS calls back with its progress only while it logs.
    solver.setOptionValue("log_to_console", False)
    solver.setOptionValue("threads", THREADS)
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
        lp.integrality_ = [kinds[0]] * model.integers + [kinds[1]] * (variables - model.integers)
    if solver.passModel(lp) == highspy.HighsStatus.kError:
        raise BackendError("HiGHS refuses the model; run it with PuLP and write it as an LP file")
    return solver


def add_columns(
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


def _solver(question: Question, model: Model, watch: Watch) -> highspy.Highs:
    solver = load(model)
    solver.setOptionValue("random_seed", question.seed)
    solver.setOptionValue("time_limit", max(0.0, watch.limit))
    solver.setOptionValue("mip_rel_gap", float(question.stop.gap))

    def logged(event: Any) -> None:
        out = event.data_out
        known = abs(out.mip_dual_bound) < INFINITY and abs(out.mip_primal_bound) < INFINITY
        value, bound = (out.mip_primal_bound, out.mip_dual_bound) if known else (None, None)
        question.progress(Progress(question.level, value, bound, out.running_time))

    def interrupt(event: Any) -> None:
        if watch.over():
            event.data_in.user_interrupt = True

    solver.cbMipLogging += logged
    solver.cbMipInterrupt += interrupt
    return solver


def _set_start(solver: highspy.Highs, question: Question, model: Model) -> None:
    """Set the start choice; HiGHS computes the values of the segments itself."""
    values = question.columns.amounts(question.start).astype(np.float64)
    solver.setSolution(len(values), np.arange(len(values), dtype=np.int32), values)


def _read_solution(solver: highspy.Highs, question: Question) -> Answer:
    info = solver.getInfo()
    bound = info.mip_dual_bound * PER_POINT
    bound = bound if math.isfinite(bound) and abs(bound) < 1e20 else None
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Answer(None, None, bound)
    values = np.asarray(solver.getSolution().col_value[: len(question.columns)])
    choice = question.columns.choice(np.rint(values).astype(np.int64))
    return Answer(choice, info.objective_function_value * PER_POINT, bound)
