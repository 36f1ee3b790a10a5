"""Restricted master LP of the column generation, with an optional box on its prices."""

from dataclasses import replace

import numpy as np
from scipy import sparse

from matcher.domain.tables.array_types import BoolArray, FloatArray, IntArray
from matcher.problem.prices import Prices
from matcher.problem.program import STEPS_PER_POINT
from matcher.solve.backends.highs_lp import (
    INTERRUPTED_STATUSES,
    append_columns,
    interrupt_when_cancelled,
    load_into_highs,
    spend_on_lp,
)
from matcher.solve.columns import SparseRows
from matcher.solve.level_model import build_level_model
from matcher.solve.level_problem import LevelProblem
from matcher.solve.priced.lagrangian import FLOW_TOLERANCE


class RestrictedMaster:
    """The LP over the pairs added so far; each solve starts from the basis of the last.

    Parameters
    ----------
    level_problem : LevelProblem
        Its columns are all pairs that may be added; its rows are in the LP from the start.
    """

    def __init__(self, level_problem: LevelProblem) -> None:
        self.level_problem = level_problem
        model = build_level_model(level_problem)
        self._matrix = sparse.csc_array(model.matrix)
        self._cost, self._upper = model.cost, model.upper
        pieces = np.arange(len(level_problem.columns), len(model.cost))
        empty = replace(
            model,
            cost=model.cost[pieces],
            upper=model.upper[pieces],
            matrix=sparse.csr_array(self._matrix[:, pieces]),
            integer_count=0,
        )
        self._solver = load_into_highs(empty, level_problem.params.backends.threads, integer=False)
        interrupt_when_cancelled(self._solver, level_problem.stop)
        self._pieces = len(pieces)
        self._inside: IntArray = np.zeros(0, dtype=np.int64)
        self._priced = _priced_rows(level_problem)
        self._slack = self._add_slack()

    def _add_slack(self) -> IntArray:
        """Add surplus and slack columns that box the row prices; they are fixed at 0 at first."""
        rows, first = self._priced, self._pieces
        count = len(rows)
        self._solver.addCols(
            2 * count,
            np.zeros(2 * count),
            np.zeros(2 * count),
            np.zeros(2 * count),
            2 * count,
            np.arange(2 * count, dtype=np.int32),
            np.concatenate([rows, rows]).astype(np.int32),
            np.repeat([-1.0, 1.0], count),
        )
        self._pieces += 2 * count
        return np.arange(first, first + 2 * count)

    def set_price_box(self, prices: Prices, radius: float) -> None:
        """Let prices move by at most ``radius`` points from ``prices``; infinite for no box."""
        count, where = len(self._slack), self._slack.astype(np.int32)
        upper = np.full(count, np.inf if np.isfinite(radius) else 0.0)
        self._solver.changeColsBounds(count, where, np.zeros(count), upper)
        if np.isfinite(radius):
            center = _row_prices(self.level_problem, prices)
            cost = np.concatenate([-(center + radius), center - radius])
            self._solver.changeColsCost(count, where, cost)

    @property
    def price_box_binds(self) -> bool:
        """Whether the box binds: it kept the prices of the last solve from moving farther."""
        return bool((self._values()[self._slack] > FLOW_TOLERANCE).any())

    def add_pairs(self, pairs: BoolArray) -> None:
        """Add pairs, marked in shape (classes, municipalities), that were not added before."""
        columns = self.level_problem.columns
        where = np.flatnonzero(pairs[columns.unit_class, columns.municipality])
        self._inside = np.concatenate([self._inside, where])
        part = self._matrix[:, where]
        append_columns(self._solver, self._cost[where], self._upper[where], part)

    def flows(self) -> FloatArray:
        """Return the flows of the last solution, shape (classes, municipalities)."""
        columns = self.level_problem.columns
        out = np.zeros(columns.classes.open.shape)
        kinds, places = columns.unit_class[self._inside], columns.municipality[self._inside]
        out[kinds, places] = self._values()[self._pieces :]
        return out

    def _values(self) -> FloatArray:
        return np.asarray(self._solver.getSolution().col_value, dtype=np.float64)

    @property
    def was_interrupted(self) -> bool:
        """Whether the last solve ended at its time limit or was cancelled."""
        return self._solver.getModelStatus() in INTERRUPTED_STATUSES

    def solve(self, seconds: float) -> tuple[float, Prices]:
        """Solve the LP, and return its value in thousandths and its prices."""
        solver = self._solver
        solver.setOptionValue("time_limit", solver.getRunTime() + seconds)
        solver.run()
        spend_on_lp(solver, self.level_problem)
        value = solver.getInfo().objective_function_value * STEPS_PER_POINT
        return value, _prices_from_duals(
            self.level_problem, np.asarray(solver.getSolution().row_dual)
        )


def _prices_from_duals(question: LevelProblem, dual: FloatArray) -> Prices:
    """Arrange the duals of the rows by group and layer; rows that cannot bind have price 0."""
    columns, program = question.columns, question.columns.program
    kinds, last = (
        columns.class_rows.shape[0],
        columns.class_rows.shape[0] + len(columns.resource_rows.upper),
    )
    resources: list[FloatArray] = [np.zeros(r.limit.shape) for r in program.resources]
    _fill_prices(resources, columns.resource_rows, np.maximum(dual[kinds:last], 0.0))
    spreads: list[FloatArray] = [np.zeros(s.base.shape) for s in program.spreads]
    placed = 0.0
    if question.hold.min_weight is not None:
        # After an early stop a dual may have the wrong sign, and the bound would not hold.
        placed = max(0.0, -float(dual[last])) / max(1, int(np.gcd.reduce(program.weight)))
    if question.level == 2:
        spreads = [s.slope / STEPS_PER_POINT for s in program.spreads]
        _fill_prices(
            spreads, columns.spread_rows, dual[len(dual) - len(columns.spread_rows.upper) :]
        )
    return Prices(tuple(resources), tuple(spreads), placed)


def _priced_rows(question: LevelProblem) -> IntArray:
    """Return the rows of the LP whose duals are prices: resources, then spreads."""
    columns = question.columns
    kinds, resources = columns.class_rows.shape[0], len(columns.resource_rows.upper)
    rows = np.arange(kinds, kinds + resources)
    if question.level == 1:
        return rows
    after = kinds + resources + (question.hold.min_weight is not None)
    return np.concatenate([rows, np.arange(after, after + len(columns.spread_rows.upper))])


def _row_prices(question: LevelProblem, prices: Prices) -> FloatArray:
    """Return the prices of the rows that have one, in the order of the rows."""
    columns = question.columns
    duals = [_prices_by_row(prices.resources, columns.resource_rows)]
    if question.level == 2:
        duals.append(_prices_by_row(prices.spreads, columns.spread_rows))
    return np.concatenate(duals)


def _prices_by_row(prices: tuple[FloatArray, ...], rows: SparseRows) -> FloatArray:
    out = np.zeros(len(rows.upper))
    for part, price in enumerate(prices):
        row_mask = rows.component == part
        out[row_mask] = price[rows.group[row_mask], rows.layer[row_mask]]
    return out


def _fill_prices(prices: list[FloatArray], rows: SparseRows, dual: FloatArray) -> None:
    for part, price in enumerate(prices):
        row_mask = rows.component == part
        price[rows.group[row_mask], rows.layer[row_mask]] = dual[row_mask]
