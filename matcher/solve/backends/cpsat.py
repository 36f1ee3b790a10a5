"""Backend CP-SAT: solves the whole program in integers, as a cross-check of HiGHS."""

import numpy as np
import pandas as pd
from ortools.sat.python import cp_model

from matcher.domain.tables.array_types import IntArray
from matcher.problem.program import STEPS_PER_POINT
from matcher.solve.columns import PairColumns, SparseRows
from matcher.solve.level_problem import NO_SOLUTION, LevelProblem, LevelSolution
from matcher.solve.stopping import Progress


def maximise(level_problem: LevelProblem) -> LevelSolution:
    """Maximise one level with CP-SAT."""
    if level_problem.stop.is_cancelled():
        return NO_SOLUTION
    columns = level_problem.columns
    model = cp_model.CpModel()
    pick = model.new_int_var_series("x", pd.RangeIndex(len(columns)), 0, pd.Series(columns.upper))
    _add_limits(model, pick, level_problem)
    objective = _objective(model, pick, level_problem)
    model.maximize(objective)
    for index, amount in zip(pick, columns.amounts(level_problem.start), strict=True):
        model.add_hint(index, int(amount))
    solver = cp_model.CpSolver()
    _set_parameters(solver, level_problem)
    status = solver.solve(model, _ProgressCallback(level_problem))
    return _read_solution(solver, status, pick, level_problem)


def _add_limits(model: cp_model.CpModel, pick: pd.Series, q: LevelProblem) -> None:
    classes = q.columns.classes
    must = q.hold.required_units[classes.representative]
    for kind, where in enumerate(np.split(np.arange(len(pick)), _class_boundaries(q.columns))):
        total = cp_model.LinearExpr.sum(list(pick.iloc[where]))
        count = int(classes.count[kind])
        model.add(total == count if must[kind] else total <= count)
    rows = q.columns.resource_rows
    for row, upper in enumerate(rows.upper):
        model.add(_weighted(pick, rows, row) <= int(upper))
    if q.hold.min_weight is not None:
        model.add(_sum(pick, q.columns.weight) >= q.hold.min_weight)


def _class_boundaries(columns: PairColumns) -> IntArray:
    return np.searchsorted(columns.unit_class, np.arange(1, len(columns.classes.representative)))


def _objective(model: cp_model.CpModel, pick: pd.Series, q: LevelProblem) -> cp_model.LinearExpr:
    if q.level == 1:
        return _sum(pick, q.columns.weight)
    segments, rows = q.columns.segments, q.columns.spread_rows
    pieces = [model.new_int_var(0, int(n), "") for n in segments.length]
    series = pd.Series(pieces, dtype=object)
    for row in range(len(rows.upper)):
        row_segments = np.flatnonzero(segments.row == row)
        model.add(_weighted(pick, rows, row) == cp_model.LinearExpr.sum(list(series[row_segments])))
    spread = cp_model.LinearExpr.weighted_sum(pieces, [int(s) for s in segments.slope])
    return _sum(pick, q.columns.points) - spread + (q.columns.classes.extra_value - segments.base)


def _weighted(pick: pd.Series, rows: SparseRows, row: int) -> cp_model.LinearExpr:
    matrix = rows.matrix
    span = slice(matrix.indptr[row], matrix.indptr[row + 1])
    return cp_model.LinearExpr.weighted_sum(
        list(pick.iloc[matrix.indices[span]]), [int(v) for v in matrix.data[span]]
    )


def _sum(pick: pd.Series, values: IntArray) -> cp_model.LinearExpr:
    return cp_model.LinearExpr.weighted_sum(list(pick), [int(v) for v in values])


def _set_parameters(solver: cp_model.CpSolver, question: LevelProblem) -> None:
    if question.stop.stop_log.clock.counts_work:
        units = question.params.priced.work.cpsat_units_per_second
        solver.parameters.max_deterministic_time = units * question.stop.seconds
    else:
        solver.parameters.max_time_in_seconds = question.stop.seconds
    solver.parameters.relative_gap_limit = question.stop.gap
    solver.parameters.random_seed = question.seed
    solver.parameters.num_workers = question.params.backends.threads
    solver.parameters.interleave_search = True


class _ProgressCallback(cp_model.CpSolverSolutionCallback):
    """Reports progress, and stops the search when it is cancelled."""

    def __init__(self, question: LevelProblem) -> None:
        super().__init__()
        self.question = question

    def on_solution_callback(self) -> None:
        q = self.question
        value, bound = (
            self.objective_value / STEPS_PER_POINT,
            self.best_objective_bound / STEPS_PER_POINT,
        )
        q.progress(Progress(q.level, value, bound, self.wall_time))
        if q.stop.is_cancelled():
            self.stop_search()


def _read_solution(
    solver: cp_model.CpSolver,
    status: cp_model.CpSolverStatus,
    pick: pd.Series,
    question: LevelProblem,
) -> LevelSolution:
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return NO_SOLUTION
    choice = question.columns.choice(np.array([solver.value(x) for x in pick], dtype=np.int64))
    return LevelSolution(choice, solver.objective_value, solver.best_objective_bound)
