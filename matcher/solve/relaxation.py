"""The LP relaxation by column generation: prices, and a bound proved over all pairs.

Only few municipalities can matter to a household, so the LP starts with those and adds the
pairs whose reduced cost says that they could improve it. The bound is the Lagrangian dual at
the prices over *all* pairs; it holds whatever the prices are, so stopping early only loosens it.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from matcher.program import PER_POINT, Choice, Program, Spread
from matcher.solve.classes import Classes
from matcher.solve.columns import Columns, Rows
from matcher.solve.highs import TIME_LIMIT, level_model, load
from matcher.solve.levels import Hold, Question
from matcher.solve.prices import Prices
from matcher.solve.result import Stop, silent
from matcher.solve.stopping import Stops
from matcher.tables import BoolArray, FloatArray, IntArray

FIRST = 12
"""Municipalities a class starts with, those of most points."""
MORE = 6
"""Pairs added for a class in a round at the most."""
SHORTEST = 0.05
"""Seconds that the LP is given in a round at the least."""
CLOSE = 1e-6
"""Relative distance of the bound from the value of the LP at which it is solved."""


@dataclass(frozen=True, eq=False)
class Relaxation:
    """Solved LP relaxation of one level.

    Parameters
    ----------
    prices : Prices
    bound : float
        Proven upper bound of the level in thousandths, over all pairs.
    reduced : float array, shape (classes, municipalities)
        Points by which the bound falls for each unit of a class that goes there, as a number
        at or below 0; minus infinity where it cannot.
    taken : bool array, shape (classes, municipalities)
        Pairs that the solution of the LP uses.
    """

    prices: Prices
    bound: float
    reduced: FloatArray
    taken: BoolArray


def relax(
    program: Program, choice: Choice, seconds: float = 600.0, stops: Stops | None = None
) -> Relaxation:
    """Solve the LP relaxation of level 2 with level 1 held.

    Parameters
    ----------
    program : Program
    choice : int array, shape (units,)
        A plan that keeps all rules; its level-1 value is held, its pairs make the LP feasible.
    seconds : float
        Time limit; the bound so far holds.
    stops : Stops or None
        Notes where the clock stopped it, or repeats where it did.
    """
    hold, stop = Hold.of(program, choice), Stop(seconds, stops=stops or Stops())
    question = Question(Columns.of(Classes.of(program)), 2, hold, choice, stop, 0, silent)
    return relax_level(question, seconds)


def relax_level(question: Question, seconds: float) -> Relaxation:
    """Solve the LP relaxation of any level."""
    lagrangian = Lagrangian.of(question)
    classes = question.columns.classes
    watch = question.stop.stops.watch(seconds)
    kept = _first(lagrangian, classes, question.start)
    master, best = Master(question), None
    master.add(kept)
    while True:
        value, prices = master.solve(max(SHORTEST, watch.left))
        if master.out_of_time:
            watch.cut(back=best is not None)
            if best is not None:
                return best
        found = lagrangian.at(prices)
        best = found if best is None or found.bound < best.bound else best
        best = replace(best, taken=master.taken())
        more = _improving(found.reduced, kept)
        solved = best.bound - value <= CLOSE * abs(value) + 1.0
        if solved or not more.any() or watch.over():
            return best
        master.add(more)
        kept |= more


@dataclass(frozen=True, eq=False)
class Lagrangian:
    """The dual of one level as a function of the prices.

    Parameters
    ----------
    question : Question
    values : float array, shape (classes, municipalities)
        Points of one unit; minus infinity where it cannot go.
    floor : float array, shape (classes,)
        Value of staying unplaced, minus infinity where that is not allowed.
    """

    question: Question
    values: FloatArray
    floor: FloatArray

    @classmethod
    def of(cls, question: Question) -> "Lagrangian":
        """Prepare the dual of a question."""
        classes = question.columns.classes
        program, first = classes.program, classes.first
        one = program.weight[:, None] if question.level == 1 else program.points
        values = np.where(classes.open, one[first] / PER_POINT, -np.inf)
        return cls(question, values, np.where(question.hold.units[first], -np.inf, 0.0))

    def at(self, prices: Prices) -> Relaxation:
        """Bound and reduced values at some prices, whatever they are."""
        classes = self.question.columns.classes
        program = classes.program
        net = self.values - prices.charge(program, classes.first)
        net = net + prices.placed * program.weight[classes.first, None]
        best = np.maximum(net.max(axis=1, initial=-np.inf), self.floor)
        best = np.where(np.isfinite(best), best, 0.0)
        bound = float(classes.count @ best) + self._supply(prices)
        bound -= prices.placed * (self.question.hold.weight or 0)
        nothing = np.zeros_like(classes.open)
        return Relaxation(prices, bound * PER_POINT, net - best[:, None], nothing)

    def _supply(self, prices: Prices) -> float:
        """What the limits and the spread costs are worth at the prices, in points."""
        program = self.question.columns.program
        worth = sum(
            float((p * np.where(p > 0, r.limit, 0)).sum())
            for r, p in zip(program.resources, prices.resources, strict=True)
        )
        if self.question.level == 1:
            return worth
        pairs = zip(program.spreads, prices.spreads, strict=True)
        return worth + sum(_conjugate(s, p) for s, p in pairs)


def _conjugate(spread: Spread, price: FloatArray) -> float:
    """Largest of price times total minus its cost, over totals that can occur, in points."""
    most = spread.use.sum(axis=0)[None, :, None]
    zero = np.zeros_like(spread.base)[:, :, None]
    at = np.concatenate([zero, np.minimum(spread.breakpoint, most), zero + most], axis=2)
    worth = [price * at[:, :, k] - spread.cost(at[:, :, k]) / PER_POINT for k in range(at.shape[2])]
    return float(np.max(worth, axis=0).sum())


def _first(lagrangian: Lagrangian, classes: Classes, choice: Choice) -> BoolArray:
    kept = best_of_each(lagrangian.values, FIRST) & classes.open
    return np.asarray(kept | (classes.amounts(choice) > 0))


def best_of_each(values: FloatArray, count: int) -> BoolArray:
    """Mark the largest values of each row, so many of them."""
    count = min(count, values.shape[1])
    out = np.zeros(values.shape, dtype=np.bool_)
    where = np.argpartition(-values, count - 1, axis=1)[:, :count]
    np.put_along_axis(out, where, True, axis=1)
    return out


def _improving(reduced: FloatArray, kept: BoolArray) -> BoolArray:
    """Pairs outside that come closer to a class's best than those inside, the best of them."""
    inside = np.where(kept, reduced, -np.inf).max(axis=1, initial=-np.inf)
    outside = np.where(kept, -np.inf, reduced)
    better = (outside > inside[:, None]) & np.isfinite(outside)
    return np.asarray(best_of_each(outside, MORE) & better)


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
        self._pieces = len(pieces)
        self._inside: IntArray = np.zeros(0, dtype=np.int64)

    def add(self, pairs: BoolArray) -> None:
        """Take some pairs, shape (classes, municipalities), that were not taken before."""
        columns = self.question.columns
        where = np.flatnonzero(pairs[columns.kind, columns.municipality])
        part = self._matrix[:, where]
        self._inside = np.concatenate([self._inside, where])
        self._solver.addCols(
            len(where),
            self._cost[where],
            np.zeros(len(where)),
            self._upper[where].astype(np.float64),
            part.nnz,
            part.indptr.astype(np.int32),
            part.indices.astype(np.int32),
            part.data.astype(np.float64),
        )

    def taken(self) -> BoolArray:
        """Pairs that the last solution uses, shape (classes, municipalities)."""
        columns = self.question.columns
        values = np.asarray(self._solver.getSolution().col_value[self._pieces :])
        used = self._inside[values > 1e-7]
        out = np.zeros_like(columns.classes.open)
        out[columns.kind[used], columns.municipality[used]] = True
        return out

    @property
    def out_of_time(self) -> bool:
        """Whether the last solve was ended by its time limit."""
        return bool(self._solver.getModelStatus() == TIME_LIMIT)

    def solve(self, seconds: float) -> tuple[float, Prices]:
        """Value of the LP in thousandths, and its prices."""
        solver = self._solver
        solver.setOptionValue("time_limit", solver.getRunTime() + seconds)
        solver.run()
        value = solver.getInfo().objective_function_value * PER_POINT
        return value, _prices(self.question, np.asarray(solver.getSolution().row_dual))


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


def _fill(prices: list[FloatArray], rows: Rows, dual: FloatArray) -> None:
    for part, price in enumerate(prices):
        mine = rows.part == part
        price[rows.group[mine], rows.layer[mine]] = dual[mine]
