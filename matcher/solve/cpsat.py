"""Backend CP-SAT: solves the whole program in integers, as a cross-check of HiGHS."""

import numpy as np
import pandas as pd
from ortools.sat.python import cp_model

from matcher.program import PER_POINT
from matcher.solve.columns import Columns, Rows
from matcher.solve.levels import Answer, Question
from matcher.solve.result import Progress
from matcher.tables import IntArray

WORKERS = 2


def maximise(question: Question) -> Answer:
    """Maximise one level with CP-SAT."""
    if question.stop.asked():
        return Answer(None, None, None)
    columns = question.columns
    model = cp_model.CpModel()
    pick = model.new_int_var_series("x", pd.RangeIndex(len(columns)), 0, pd.Series(columns.upper))
    _add_limits(model, pick, question)
    objective = _objective(model, pick, question)
    model.maximize(objective)
    for index, amount in zip(pick, columns.amounts(question.start), strict=True):
        model.add_hint(index, int(amount))
    solver = cp_model.CpSolver()
    _set_parameters(solver, question)
    status = solver.solve(model, _ProgressCallback(question))
    return _read_solution(solver, status, pick, question)


def _add_limits(model: cp_model.CpModel, pick: pd.Series, q: Question) -> None:
    classes = q.columns.classes
    must = q.hold.units[classes.first]
    for kind, where in enumerate(np.split(np.arange(len(pick)), _class_boundaries(q.columns))):
        total = cp_model.LinearExpr.sum(list(pick.iloc[where]))
        count = int(classes.count[kind])
        model.add(total == count if must[kind] else total <= count)
    rows = q.columns.resources
    for row, upper in enumerate(rows.upper):
        model.add(_weighted(pick, rows, row) <= int(upper))
    if q.hold.weight is not None:
        model.add(_sum(pick, q.columns.weight) >= q.hold.weight)


def _class_boundaries(columns: Columns) -> IntArray:
    return np.searchsorted(columns.kind, np.arange(1, len(columns.classes.first)))


def _objective(model: cp_model.CpModel, pick: pd.Series, q: Question) -> cp_model.LinearExpr:
    if q.level == 1:
        return _sum(pick, q.columns.weight)
    segments, rows = q.columns.segments, q.columns.spreads
    pieces = [model.new_int_var(0, int(n), "") for n in segments.length]
    series = pd.Series(pieces, dtype=object)
    for row in range(len(rows.upper)):
        row_segments = np.flatnonzero(segments.row == row)
        model.add(_weighted(pick, rows, row) == cp_model.LinearExpr.sum(list(series[row_segments])))
    spread = cp_model.LinearExpr.weighted_sum(pieces, [int(s) for s in segments.slope])
    return _sum(pick, q.columns.points) - spread + (q.columns.classes.extra - segments.base)


def _weighted(pick: pd.Series, rows: Rows, row: int) -> cp_model.LinearExpr:
    matrix = rows.matrix
    span = slice(matrix.indptr[row], matrix.indptr[row + 1])
    return cp_model.LinearExpr.weighted_sum(
        list(pick.iloc[matrix.indices[span]]), [int(v) for v in matrix.data[span]]
    )


def _sum(pick: pd.Series, values: IntArray) -> cp_model.LinearExpr:
    return cp_model.LinearExpr.weighted_sum(list(pick), [int(v) for v in values])


def _set_parameters(solver: cp_model.CpSolver, question: Question) -> None:
    solver.parameters.max_time_in_seconds = question.stop.seconds
    solver.parameters.relative_gap_limit = question.stop.gap
    solver.parameters.random_seed = question.seed
    solver.parameters.num_workers = WORKERS
    solver.parameters.interleave_search = True


class _ProgressCallback(cp_model.CpSolverSolutionCallback):
    """Reports progress, and stops the search when it is cancelled."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question

    def on_solution_callback(self) -> None:
        q = self.question
        value, bound = self.objective_value / PER_POINT, self.best_objective_bound / PER_POINT
        q.progress(Progress(q.level, value, bound, self.wall_time))
        if q.stop.asked():
            self.stop_search()


def _read_solution(
    solver: cp_model.CpSolver,
    status: cp_model.CpSolverStatus,
    pick: pd.Series,
    question: Question,
) -> Answer:
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(None, None, None)
    choice = question.columns.choice(np.array([solver.value(x) for x in pick], dtype=np.int64))
    return Answer(choice, solver.objective_value, solver.best_objective_bound)
