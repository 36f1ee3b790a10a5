"""The LP over the pairs taken so far, with its prices held in a box where that is wanted."""

from dataclasses import replace
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from matcher.program import PER_POINT
from matcher.solve.columns import Rows
from matcher.solve.highs import TIME_LIMIT, add_columns, level_model, load
from matcher.solve.lagrangian import TINY
from matcher.solve.levels import Question
from matcher.solve.prices import Prices
from matcher.solve.result import Stop
from matcher.tables import BoolArray, FloatArray, IntArray

CUT_SHORT = (TIME_LIMIT, highspy.HighsModelStatus.kInterrupt)


class Master:
    """The LP over the pairs taken so far; each solve starts from the basis of the last.

    Parameters
    ----------
    question : Question
        Its columns are all that could be taken; its rows are there from the start.
    """

    def __init__(self, question: Question) -> None:
        self.question = question
        model = level_model(question)
        self._matrix = sparse.csc_array(model.matrix)
        self._cost, self._upper = model.cost, model.upper
        pieces = np.arange(len(question.columns), len(model.cost))
        empty = replace(
            model,
            cost=model.cost[pieces],
            upper=model.upper[pieces],
            matrix=sparse.csr_array(self._matrix[:, pieces]),
            integers=0,
        )
        self._solver = load(empty, integer=False)
        listen(self._solver, question.stop)
        self._pieces = len(pieces)
        self._inside: IntArray = np.zeros(0, dtype=np.int64)
        self._priced = _priced_rows(question)
        self._slack = self._add_slack()

    def _add_slack(self) -> IntArray:
        """Columns that let a row be exceeded, or left unused, at a price; shut to begin with."""
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

    def hold(self, prices: Prices, radius: float) -> None:
        """Let prices move by so many points at the most; without end where it is infinite."""
        count, where = len(self._slack), self._slack.astype(np.int32)
        upper = np.full(count, np.inf if np.isfinite(radius) else 0.0)
        self._solver.changeColsBounds(count, where, np.zeros(count), upper)
        if np.isfinite(radius):
            center = _duals(self.question, prices)
            cost = np.concatenate([-(center + radius), center - radius])
            self._solver.changeColsCost(count, where, cost)

    @property
    def held(self) -> bool:
        """Whether it is the box that keeps the last prices from moving on."""
        return bool((self._values()[self._slack] > TINY).any())

    def add(self, pairs: BoolArray) -> None:
        """Take some pairs, shape (classes, municipalities), that were not taken before."""
        columns = self.question.columns
        where = np.flatnonzero(pairs[columns.kind, columns.municipality])
        self._inside = np.concatenate([self._inside, where])
        part = self._matrix[:, where]
        add_columns(self._solver, self._cost[where], self._upper[where], part)

    def flows(self) -> FloatArray:
        """How many of each class the last solution sends where, (classes, municipalities)."""
        columns = self.question.columns
        out = np.zeros(columns.classes.open.shape)
        kinds, places = columns.kind[self._inside], columns.municipality[self._inside]
        out[kinds, places] = self._values()[self._pieces :]
        return out

    def _values(self) -> FloatArray:
        return np.asarray(self._solver.getSolution().col_value, dtype=np.float64)

    @property
    def cut_short(self) -> bool:
        """Whether the last solve was ended by its time limit, or cancelled."""
        return self._solver.getModelStatus() in CUT_SHORT

    def solve(self, seconds: float) -> tuple[float, Prices]:
        """Value of the LP in thousandths, and its prices."""
        solver = self._solver
        solver.setOptionValue("time_limit", solver.getRunTime() + seconds)
        solver.run()
        value = solver.getInfo().objective_function_value * PER_POINT
        return value, _prices(self.question, np.asarray(solver.getSolution().row_dual))


def listen(solver: highspy.Highs, stop: Stop) -> None:
    """Let the simplex method be interrupted when the solve is cancelled."""
    if stop.cancelled is None:
        return

    def interrupt(event: Any) -> None:
        if stop.asked():
            event.data_in.user_interrupt = True

    solver.cbSimplexInterrupt += interrupt


def _prices(question: Question, dual: FloatArray) -> Prices:
    """Spread the duals of the rows over groups and layers; rows that cannot bind cost nothing."""
    columns, program = question.columns, question.columns.program
    kinds, last = columns.kinds.shape[0], columns.kinds.shape[0] + len(columns.resources.upper)
    resources: list[FloatArray] = [np.zeros(r.limit.shape) for r in program.resources]
    _fill(resources, columns.resources, np.maximum(dual[kinds:last], 0.0))
    spreads: list[FloatArray] = [np.zeros(s.base.shape) for s in program.spreads]
    placed = 0.0
    if question.hold.weight is not None:
        # Stopped early, a dual may have the wrong sign, at which the bound would not hold.
        placed = max(0.0, -float(dual[last])) / max(1, int(np.gcd.reduce(program.weight)))
    if question.level == 2:
        spreads = [s.slope / PER_POINT for s in program.spreads]
        _fill(spreads, columns.spreads, dual[len(dual) - len(columns.spreads.upper) :])
    return Prices(tuple(resources), tuple(spreads), placed)


def _priced_rows(question: Question) -> IntArray:
    """Rows of the LP whose duals are prices: resources, then spreads."""
    columns = question.columns
    kinds, resources = columns.kinds.shape[0], len(columns.resources.upper)
    rows = np.arange(kinds, kinds + resources)
    if question.level == 1:
        return rows
    after = kinds + resources + (question.hold.weight is not None)
    return np.concatenate([rows, np.arange(after, after + len(columns.spreads.upper))])


def _duals(question: Question, prices: Prices) -> FloatArray:
    """Prices of the rows that have one, in their order."""
    columns = question.columns
    found = [_of_rows(prices.resources, columns.resources)]
    if question.level == 2:
        found.append(_of_rows(prices.spreads, columns.spreads))
    return np.concatenate(found)


def _of_rows(prices: tuple[FloatArray, ...], rows: Rows) -> FloatArray:
    out = np.zeros(len(rows.upper))
    for part, price in enumerate(prices):
        mine = rows.part == part
        out[mine] = price[rows.group[mine], rows.layer[mine]]
    return out


def _fill(prices: list[FloatArray], rows: Rows, dual: FloatArray) -> None:
    for part, price in enumerate(prices):
        mine = rows.part == part
        price[rows.group[mine], rows.layer[mine]] = dual[mine]
