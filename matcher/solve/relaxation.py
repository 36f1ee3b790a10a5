"""The LP relaxation by column generation: prices, and a bound proved over all pairs.

Only few municipalities matter to a household, so the LP starts with those and adds the pairs
whose reduced cost says that they could improve it. The bound is the Lagrangian dual at the prices
over *all* pairs; it holds for any prices, so an early stop only loosens it. Large queues are
priced from coarse to fine: the first LP joins all classes with the same use, so it is small and
has almost the same prices; the next LPs have more and more classes.
"""

from dataclasses import replace

import numpy as np

from matcher.program import Choice, Program
from matcher.solve.classes import Classes
from matcher.solve.columns import Columns
from matcher.solve.lagrangian import Lagrangian, Relaxation, best_of_each
from matcher.solve.levels import Hold, Question
from matcher.solve.master import Master
from matcher.solve.prices import Prices
from matcher.solve.result import Stop, silent
from matcher.solve.stopping import Stops, Watch
from matcher.tables import BoolArray, FloatArray

FIRST_MUNICIPALITIES = 4
"""Municipalities of each class, the best at the prices, that the LP starts with."""
MAX_PAIRS_PER_CLASS = 3
"""Most pairs added for a class in one round."""
MIN_LP_SECONDS = 0.2
"""Least time of the LP in one round, in seconds."""
PRICE_BOX_RADIUS = 60.0
"""Points by which prices may move in one round at first."""
PRICE_BOX_FACTOR = 4.0
"""Growth of that radius where the box keeps the LP from its optimum."""
MAX_COARSEST_CLASSES = 1_000
"""Most classes for which the LP is solved without a coarser one before it."""
COARSENING_FACTOR = 3
"""How many times fewer classes the next coarser LP has."""
EXACT_DISTANCE = 1e-6
"""Relative distance between bound and LP value at which the LP counts as solved."""
GAP_SHARE = 0.05
"""The same distance as a share of the gap asked for, where that is larger."""
COARSE_DISTANCE = 3e-4
"""The same distance for coarse LPs, of which only the prices are used."""


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
        Time limit; when it is reached, the best bound so far is returned.
    stops : Stops or None
        Records where the clock stopped the search, or repeats an earlier record.
    """
    hold, stop = Hold.of(program, choice), Stop(seconds, 0.0, stops=stops or Stops())
    columns = Columns.of(Classes.of(program, hold.units))
    return relax_level(Question(columns, 2, hold, choice, stop, 0, silent), seconds)


def relax_level(question: Question, seconds: float) -> Relaxation:
    """Solve the LP relaxation of any level, from coarse prices to fine ones."""
    watch, prices = question.stop.stops.watch(seconds, question.stop.cancelled), question.prices
    for coarse in reversed(_coarser_problems(question)):
        prices = _generate_columns(coarse, prices, COARSE_DISTANCE, watch).prices
    close = max(EXACT_DISTANCE, question.stop.gap * GAP_SHARE)
    return _generate_columns(question, prices, close, watch)


def _coarser_problems(question: Question) -> list[Question]:
    """Build problems of fewer and fewer classes with the same rows, the finest first."""
    out: list[Question] = []
    classes = question.columns.classes
    while question.prices is None and len(classes.first) > MAX_COARSEST_CLASSES:
        fewer = classes.coarser(len(classes.first) // COARSENING_FACTOR)
        if 2 * len(fewer.first) > len(classes.first):
            break
        out.append(replace(question, columns=Columns.of(fewer)))
        classes = fewer
    return out


def _generate_columns(
    question: Question, start_prices: Prices | None, distance: float, watch: Watch
) -> Relaxation:
    """Generate columns until no pair can improve the LP, or the time is up.

    With few columns the prices swing from round to round. When start prices are given, the prices
    stay within a box around the best prices so far. The box moves when the bound improves, shrinks
    when it does not, and grows when the LP is solved within it but the box binds.
    """
    lagrangian = Lagrangian.of(question)
    best = lagrangian.at(start_prices or Prices.none(question.columns.program))
    if watch.stopped is not None:
        return best
    inside, master = _first_pairs(best.reduced, question), Master(question)
    radius = PRICE_BOX_RADIUS if start_prices else np.inf
    master.add(inside)
    while True:
        master.hold(best.prices, radius)
        value, prices = master.solve(max(MIN_LP_SECONDS, watch.left))
        if master.cut_short:
            watch.cut(back=True)
            return best
        evaluated = lagrangian.at(prices)
        radius *= 1.0 if evaluated.bound < best.bound else 0.5
        best = min(evaluated, best, key=lambda r: r.bound)
        more = _improving_pairs(evaluated.reduced, inside)
        exact = best.bound - value <= distance * abs(value) + 1.0 or not more.any()
        if exact and not master.held:
            return replace(best, flows=master.flows())
        if watch.over():
            return best
        radius *= PRICE_BOX_FACTOR if exact else 1.0
        master.add(more)
        inside |= more


def with_flows(question: Question, best: Relaxation, seconds: float) -> Relaxation:
    """Add LP flows to a relaxation, from an LP over the best pairs at its prices.

    Needed where a relaxation ended before its LP was solved. The flows stay zeros when the time
    is too short again.
    """
    watch = question.stop.stops.watch(seconds, question.stop.cancelled)
    if watch.skips:
        return best
    master = Master(question)
    master.add(_first_pairs(best.reduced, question))
    master.hold(best.prices, np.inf)
    master.solve(max(MIN_LP_SECONDS, watch.left))
    if not master.cut_short:
        return replace(best, flows=master.flows())
    watch.cut()
    return best


def _first_pairs(reduced: FloatArray, question: Question) -> BoolArray:
    """Mark the first pairs: the best at the prices, ties broken at random, and the start's."""
    classes = question.columns.classes
    random = np.random.Generator(np.random.PCG64(1))
    spread = reduced - random.random(reduced.shape, dtype=np.float32)
    pairs = best_of_each(spread, FIRST_MUNICIPALITIES) | (classes.amounts(question.start) > 0)
    return np.asarray(pairs & classes.open)


def _improving_pairs(reduced: FloatArray, inside_pairs: BoolArray) -> BoolArray:
    """Mark the best outside pairs that are better than every inside pair of their class."""
    inside = np.where(inside_pairs, reduced, -np.inf).max(axis=1, initial=-np.inf)
    outside = np.where(inside_pairs, -np.inf, reduced)
    better = (outside > inside[:, None]) & np.isfinite(outside)
    return np.asarray(best_of_each(outside, MAX_PAIRS_PER_CLASS) & better)
