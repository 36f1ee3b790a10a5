"""Cutting-plane loop: tighten the LP with cuts for a better bound, still over all pairs.

The LP starts with the pairs near the best at the prices. The loop then alternates: it adds pairs
that improve the LP, adds cuts that the LP's solution violates, and drops cuts that no longer
bind. The bound that the LP's prices prove, cuts included, holds over all pairs, whether or not
the LP contains them.
"""

from dataclasses import replace

import numpy as np
from scipy import sparse

from matcher.domain.tables.array_types import BoolArray, FloatArray, IntArray
from matcher.problem.program import STEPS_PER_POINT
from matcher.solve.backends.highs_lp import (
    OPTIMAL_STATUS,
    ROW_AT_LOWER_LIMIT,
    append_columns,
    interrupt_when_cancelled,
    load_into_highs,
    spend_on_lp,
)
from matcher.solve.level_model import build_level_model
from matcher.solve.level_problem import LevelProblem
from matcher.solve.mip_model import MipModel
from matcher.solve.params.lp_params import CutParams
from matcher.solve.priced.gomory import ColumnSystem, GomoryCuts, LpVertex, separate_gomory_cuts
from matcher.solve.priced.lagrangian import Relaxation, mark_best_of_each_row
from matcher.solve.stopping import SearchClock

SLACK_TOLERANCE = 1e-6
"""Slack above which a cut counts as not binding, and is dropped."""
MIN_REDUCED_POINTS = 1e-6
"""Points by which a pair must improve the LP to be added."""


def tighten_with_cuts(
    level_problem: LevelProblem, relaxation: Relaxation, value: float, seconds: float
) -> Relaxation:
    """Tighten a relaxation with cuts, as long as rounds gain enough.

    Parameters
    ----------
    level_problem : LevelProblem
    relaxation : Relaxation
        Its reduced values say which pairs the LP starts with.
    value : float
        Value of the best plan so far, in thousandths: the loop ends when the bound reaches it.
    seconds : float
        Time limit.

    Returns
    -------
    Relaxation
        With the bound, reduced values and flows of the LP with cuts, and the prices unchanged;
        the given relaxation where cuts gain nothing.
    """
    if len(level_problem.columns) > level_problem.params.priced.cuts.max_pairs:
        return relaxation
    watch = level_problem.stop.stop_log.start_search(seconds, level_problem.stop.cancelled)
    if watch.stopped_at is not None:
        return relaxation
    return _CutLoop(level_problem, relaxation).run(value, watch)


class _CutLoop:
    """State of the loop: rows over all columns, the restricted LP, the best bound so far."""

    def __init__(self, question: LevelProblem, relaxation: Relaxation) -> None:
        self._question, self._best = question, relaxation
        self._params = question.params.priced.cuts
        self._beyond: FloatArray = np.zeros(0)
        model = build_level_model(question)
        self._offset = model.offset
        self._system = _full_system(model)
        columns, pieces = question.columns, np.arange(len(question.columns), len(model.cost))
        near = (
            mark_best_of_each_row(relaxation.reduced_values, self._params.first_municipalities)
            | relaxation.used_pairs
        )
        near |= columns.classes.amounts(question.start) > 0
        pairs = np.flatnonzero(near[columns.unit_class, columns.municipality])
        self._inside: IntArray = np.concatenate([pairs, pieces])
        restricted = _restrict_model(model, self._system, self._inside)
        threads = question.params.backends.threads
        self._solver = load_into_highs(restricted, threads, integer=False)
        interrupt_when_cancelled(self._solver, question.stop)

    def run(self, value: float, watch: SearchClock) -> Relaxation:
        """Alternate pricing and cutting, and return the relaxation with the best bound."""
        bounds = [self._best.bound]
        while self._solve(watch):
            proven = self._proven()
            if proven.bound < self._best.bound:
                self._best = proven
            if watch.should_stop():
                break
            if self._price_in(proven):
                continue
            bounds.append(self._best.bound)
            if bounds[-1] <= value or not _gains_enough(bounds, self._params) or not self._cut():
                break
        return self._best

    def _solve(self, watch: SearchClock) -> bool:
        """Solve the LP, and return whether it was solved in time."""
        solver = self._solver
        solver.setOptionValue(
            "time_limit",
            solver.getRunTime() + max(self._params.min_lp_seconds, watch.remaining_time),
        )
        solver.run()
        spend_on_lp(solver, self._question)
        if solver.getModelStatus() == OPTIMAL_STATUS:
            return True
        watch.record_cutoff(at_last_check=True)
        return False

    def _dual(self) -> FloatArray:
        """Return the prices of the rows; prices of the wrong sign are set to 0."""
        dual = np.asarray(self._solver.getSolution().row_dual)
        dual = np.where(np.isfinite(self._system.lower), dual, np.maximum(dual, 0.0))
        return np.where(np.isfinite(self._system.upper), dual, np.minimum(dual, 0.0))

    def _proven(self) -> Relaxation:
        """Compute the bound and reduced values over all pairs at the LP's prices, equation (14)."""
        columns, system, dual = self._question.columns, self._system, self._dual()
        classes = columns.classes
        class_dual, row_dual = dual[: len(classes.representative)], dual.copy()
        row_dual[: len(class_dual)] = 0.0
        net = system.cost - system.matrix.T @ row_dual
        pairs, pieces = net[: len(columns)], net[len(columns) :]
        best = np.where(self._question.hold.required_units[classes.representative], -np.inf, 0.0)
        np.maximum.at(best, columns.unit_class, pairs)
        best[np.isinf(best)] = 0.0
        bound = classes.count @ best + _limits_value(system, row_dual) + self._offset
        bound += np.maximum(pieces, 0.0) @ system.upper_bound[len(columns) :]
        reduced = np.full(classes.open.shape, -np.inf)
        reduced[columns.unit_class, columns.municipality] = pairs - best[columns.unit_class]
        self._beyond = pairs - class_dual[columns.unit_class]
        return replace(
            self._best,
            bound=float(bound) * STEPS_PER_POINT,
            reduced_values=reduced,
            flows=self._flows(),
        )

    def _flows(self) -> FloatArray:
        columns = self._question.columns
        values = np.asarray(self._solver.getSolution().col_value)
        out = np.zeros(columns.classes.open.shape)
        pairs = self._inside < len(columns)
        where = self._inside[pairs]
        out[columns.unit_class[where], columns.municipality[where]] = values[pairs]
        return out

    def _price_in(self, relaxation: Relaxation) -> bool:
        """Add the best pairs of each class that improve the LP; return whether there were any."""
        columns, beyond = self._question.columns, self._beyond.copy()
        beyond[self._inside[self._inside < len(columns)]] = -np.inf
        table = np.full(relaxation.reduced_values.shape, -np.inf)
        table[columns.unit_class, columns.municipality] = beyond
        wanted = mark_best_of_each_row(table, self._params.max_pairs_per_class)
        wanted &= table > MIN_REDUCED_POINTS
        new = np.flatnonzero(wanted[columns.unit_class, columns.municipality])
        if not len(new):
            return False
        system, part = self._system, sparse.csc_array(self._system.matrix[:, new])
        append_columns(self._solver, system.cost[new], system.upper_bound[new], part)
        self._inside = np.concatenate([self._inside, new])
        return True

    def _cut(self) -> bool:
        """Drop cuts that do not bind and add new ones; return whether there were new ones."""
        self._drop()
        vertex = self._vertex()
        multipliers = self._multipliers(vertex)
        if not len(multipliers):
            return False
        cuts = separate_gomory_cuts(self._system, vertex, multipliers, self._params)
        self._add(cuts)
        return bool(len(cuts.upper))

    def _drop(self) -> None:
        system = self._system
        loose = np.flatnonzero(system.is_cut & (system.upper - self._activity() > SLACK_TOLERANCE))
        if len(loose):
            self._solver.deleteRows(len(loose), loose.astype(np.int32))
            self._system = system.without_rows(loose)
            self._solver.run()

    def _add(self, cuts: GomoryCuts) -> None:
        part = sparse.csr_array(cuts.matrix[:, self._inside])
        count = len(cuts.upper)
        self._solver.addRows(
            count,
            np.full(count, -np.inf),
            cuts.upper,
            part.nnz,
            part.indptr[:-1].astype(np.int32),
            part.indices.astype(np.int32),
            part.data,
        )
        self._system = self._system.with_cuts(cuts)

    def _activity(self) -> FloatArray:
        return np.asarray(self._solver.getSolution().row_value)

    def _vertex(self) -> LpVertex:
        status = self._solver.getBasis().row_status
        low: BoolArray = np.array([s == ROW_AT_LOWER_LIMIT for s in status], dtype=np.bool_)
        values = np.asarray(self._solver.getSolution().col_value)
        return LpVertex(self._inside, values, self._activity(), low)

    def _multipliers(self, vertex: LpVertex) -> FloatArray:
        """Return rows of the basis' inverse with a fractional variable, nearest to 1/2 first."""
        _, basic = self._solver.getBasicVariables()
        basic = np.asarray(basic)
        row = np.clip(-basic - 1, 0, None)
        values = np.where(basic >= 0, vertex.values[np.clip(basic, 0, None)], vertex.activity[row])
        is_whole = (basic >= 0) | ~self._system.is_cut[row]
        distance = np.abs(values - np.rint(values))
        candidates = np.flatnonzero(is_whole & (distance > self._params.min_fraction))
        order = np.argsort(-distance[candidates], kind="stable")[: self._params.max_basis_rows]
        candidates = candidates[order]
        return np.array([self._solver.getBasisInverseRow(int(k))[1] for k in candidates])


def _full_system(model: MipModel) -> ColumnSystem:
    """Build the rows over all columns; pairs have no upper bound, as the class rows imply it."""
    upper_bound = model.upper.astype(np.float64)
    upper_bound[: model.integer_count] = np.inf
    return ColumnSystem(
        model.cost,
        upper_bound,
        model.matrix.astype(np.float64),
        model.row_lower,
        model.row_upper,
        np.zeros(len(model.row_upper), dtype=np.bool_),
    )


def _restrict_model(model: MipModel, system: ColumnSystem, inside: IntArray) -> MipModel:
    return replace(
        model,
        cost=system.cost[inside],
        upper=system.upper_bound[inside],
        matrix=sparse.csr_array(system.matrix[:, inside]),
        integer_count=0,
    )


def _limits_value(system: ColumnSystem, dual: FloatArray) -> float:
    """Return the value of the rows' limits at their prices, in points."""
    limit = np.where(dual > 0, system.upper, system.lower)
    return float(dual[dual != 0] @ limit[dual != 0])


def _gains_enough(bounds: list[float], params: CutParams) -> bool:
    """Return whether the last rounds gained enough, compared with all rounds so far."""
    if len(bounds) <= params.patience_rounds:
        return True
    last_gain = bounds[-1 - params.patience_rounds] - bounds[-1]
    return last_gain > params.min_gain_share * (bounds[0] - bounds[-1])
