"""The LP made tighter with cuts: a bound nearer to the best plan, still over all pairs.

The LP starts with the pairs near the best at the prices. In turn, pairs that it would like to
have come in, cuts that its solution breaks are added, and cuts that no longer bind are left out.
What its prices prove over all pairs, cuts and all, is proved whatever the LP has or has not.
"""

from dataclasses import replace

import highspy
import numpy as np
from scipy import sparse

from matcher.program import PER_POINT
from matcher.solve.cuts import Cuts, System, Vertex, gomory
from matcher.solve.highs import Model, add_columns, level_model, load
from matcher.solve.lagrangian import Relaxation, best_of_each
from matcher.solve.levels import Question
from matcher.solve.master import listen
from matcher.solve.stopping import Watch
from matcher.tables import BoolArray, FloatArray, IntArray

MANY = 1_000_000
"""Pairs from which on cuts would take too much memory."""
FIRST = 4
"""Municipalities of each class that the LP starts with, those that are best at the prices."""
MORE = 6
"""Pairs added for a class in a round at the most."""
ROWS = 200
"""Rows of the basis that are tried in a round, those nearest to a half first."""
CUTS = 100
"""Cuts added in a round at the most."""
HALF = 0.02
"""Distance from whole numbers from which on a row of the basis is tried."""
PATIENCE, WORTH = 4, 0.02
"""Rounds that together must gain a part of what all have gained, for another."""
LOOSE = 1e-6
"""What a cut that does not bind leaves unused."""
IMPROVING = 1e-6
"""Points by which a pair must be better than what the LP has."""
SHORTEST = 0.2
"""Seconds that the LP is given in a round at the least."""
AT_LOWER = highspy.HighsBasisStatus.kLower


def tightened(
    question: Question, relaxation: Relaxation, value: float, seconds: float
) -> Relaxation:
    """Tighten a relaxation with cuts, as long as it is worth it.

    Parameters
    ----------
    question : Question
    relaxation : Relaxation
        Whose prices say which pairs to begin with.
    value : float
        What the best plan so far is worth, in thousandths: nearer to it there is less to gain.
    seconds : float

    Returns
    -------
    Relaxation
        With the bound, reduced values and flows of the LP with cuts, and the prices as they were;
        the same as given where cuts gain nothing.
    """
    if len(question.columns) > MANY:
        return relaxation
    watch = question.stop.stops.watch(seconds, question.stop.cancelled)
    if watch.stopped is not None:
        return relaxation
    return _Cutting(question, relaxation).run(value, watch)


class _Cutting:
    """The system over all columns, the LP over some of them, and the best bound so far."""

    def __init__(self, question: Question, relaxation: Relaxation) -> None:
        self._question, self._best = question, relaxation
        self._beyond: FloatArray = np.zeros(0)
        model = level_model(question)
        self._offset = model.offset
        self._system = _system(model)
        columns, pieces = question.columns, np.arange(len(question.columns), len(model.cost))
        near = best_of_each(relaxation.reduced, FIRST) | relaxation.taken
        near |= columns.classes.amounts(question.start) > 0
        pairs = np.flatnonzero(near[columns.kind, columns.municipality])
        self._inside: IntArray = np.concatenate([pairs, pieces])
        self._solver = load(_part(model, self._system, self._inside), integer=False)
        listen(self._solver, question.stop)

    def run(self, value: float, watch: Watch) -> Relaxation:
        """Price pairs in and cut, in turn."""
        bounds = [self._best.bound]
        while self._solve(watch):
            found = self._proven()
            if found.bound < self._best.bound:
                self._best = found
            if watch.over():
                break
            if self._price_in(found):
                continue
            bounds.append(self._best.bound)
            if bounds[-1] <= value or not _worth_it(bounds) or not self._cut():
                break
        return self._best

    def _solve(self, watch: Watch) -> bool:
        """Solve the LP; whether it was solved in time."""
        solver = self._solver
        solver.setOptionValue("time_limit", solver.getRunTime() + max(SHORTEST, watch.left))
        solver.run()
        if solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            return True
        watch.cut(back=True)
        return False

    def _dual(self) -> FloatArray:
        """Prices of the rows, those of the wrong sign at 0."""
        dual = np.asarray(self._solver.getSolution().row_dual)
        dual = np.where(np.isfinite(self._system.lower), dual, np.maximum(dual, 0.0))
        return np.where(np.isfinite(self._system.upper), dual, np.minimum(dual, 0.0))

    def _proven(self) -> Relaxation:
        """What the LP's prices prove over all pairs."""
        columns, system, dual = self._question.columns, self._system, self._dual()
        classes = columns.classes
        own, rest = dual[: len(classes.first)], dual.copy()
        rest[: len(own)] = 0.0
        net = system.cost - system.matrix.T @ rest
        pairs, pieces = net[: len(columns)], net[len(columns) :]
        best = np.where(self._question.hold.units[classes.first], -np.inf, 0.0)
        np.maximum.at(best, columns.kind, pairs)
        best[np.isinf(best)] = 0.0
        bound = classes.count @ best + _worth(system, rest) + self._offset
        bound += np.maximum(pieces, 0.0) @ system.most[len(columns) :]
        reduced = np.full(classes.open.shape, -np.inf)
        reduced[columns.kind, columns.municipality] = pairs - best[columns.kind]
        self._beyond = pairs - own[columns.kind]
        return replace(
            self._best, bound=float(bound) * PER_POINT, reduced=reduced, flows=self._flows()
        )

    def _flows(self) -> FloatArray:
        columns = self._question.columns
        values = np.asarray(self._solver.getSolution().col_value)
        out = np.zeros(columns.classes.open.shape)
        pairs = self._inside < len(columns)
        where = self._inside[pairs]
        out[columns.kind[where], columns.municipality[where]] = values[pairs]
        return out

    def _price_in(self, found: Relaxation) -> bool:
        """Take in the pairs that improve the LP, the best of each class; whether there are any."""
        columns, beyond = self._question.columns, self._beyond.copy()
        beyond[self._inside[self._inside < len(columns)]] = -np.inf
        table = np.full(found.reduced.shape, -np.inf)
        table[columns.kind, columns.municipality] = beyond
        wanted = best_of_each(table, MORE) & (table > IMPROVING)
        new = np.flatnonzero(wanted[columns.kind, columns.municipality])
        if not len(new):
            return False
        system, part = self._system, sparse.csc_array(self._system.matrix[:, new])
        add_columns(self._solver, system.cost[new], system.most[new], part)
        self._inside = np.concatenate([self._inside, new])
        return True

    def _cut(self) -> bool:
        """Leave loose cuts out and add new ones; whether there are any."""
        self._drop()
        vertex = self._vertex()
        multipliers = self._multipliers(vertex)
        if not len(multipliers):
            return False
        cuts = gomory(self._system, vertex, multipliers, CUTS)
        self._add(cuts)
        return bool(len(cuts.upper))

    def _drop(self) -> None:
        system = self._system
        loose = np.flatnonzero(system.cut & (system.upper - self._activity() > LOOSE))
        if len(loose):
            self._solver.deleteRows(len(loose), loose.astype(np.int32))
            self._system = system.without(loose)
            self._solver.run()

    def _add(self, cuts: Cuts) -> None:
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

    def _vertex(self) -> Vertex:
        status = self._solver.getBasis().row_status
        low: BoolArray = np.array([s == AT_LOWER for s in status], dtype=np.bool_)
        values = np.asarray(self._solver.getSolution().col_value)
        return Vertex(self._inside, values, self._activity(), low)

    def _multipliers(self, vertex: Vertex) -> FloatArray:
        """Rows of the basis' inverse whose variable is a fraction, the nearest to a half first."""
        _, basic = self._solver.getBasicVariables()
        basic = np.asarray(basic)
        row = np.clip(-basic - 1, 0, None)
        values = np.where(basic >= 0, vertex.values[np.clip(basic, 0, None)], vertex.activity[row])
        whole = (basic >= 0) | ~self._system.cut[row]
        off = np.abs(values - np.rint(values))
        tried = np.flatnonzero(whole & (off > HALF))
        tried = tried[np.argsort(-off[tried], kind="stable")][:ROWS]
        return np.array([self._solver.getBasisInverseRow(int(k))[1] for k in tried])


def _system(model: Model) -> System:
    """The rows over all columns; that no more go than there are is said by the class rows."""
    most = model.upper.astype(np.float64)
    most[: model.integers] = np.inf
    return System(
        model.cost,
        most,
        model.matrix.astype(np.float64),
        model.row_lower,
        model.row_upper,
        np.zeros(len(model.row_upper), dtype=np.bool_),
    )


def _part(model: Model, system: System, inside: IntArray) -> Model:
    return replace(
        model,
        cost=system.cost[inside],
        upper=system.most[inside],
        matrix=sparse.csr_array(system.matrix[:, inside]),
        integers=0,
    )


def _worth(system: System, dual: FloatArray) -> float:
    """What the limits of the rows are worth at their prices, in points."""
    limit = np.where(dual > 0, system.upper, system.lower)
    return float(dual[dual != 0] @ limit[dual != 0])


def _worth_it(bounds: list[float]) -> bool:
    """Whether the last rounds gained enough beside all rounds so far."""
    if len(bounds) <= PATIENCE:
        return True
    return bounds[-1 - PATIENCE] - bounds[-1] > WORTH * (bounds[0] - bounds[-1])
