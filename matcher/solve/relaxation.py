"""The LP relaxation by column generation: prices, and a bound proved over all pairs.

Only few municipalities can matter to a household, so the LP starts with those and adds the
pairs whose reduced cost says that they could improve it. The bound is the Lagrangian dual at
the prices over *all* pairs; it holds whatever the prices are, so stopping early only loosens it.
Large queues are priced from coarse to fine: first with units that use the same taken for alike,
which is small and gives prices that are much the same, then with ever more classes.
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

FIRST = 4
"""Municipalities a class starts with, those that are best at the prices."""
MORE = 3
"""Pairs added for a class in a round at the most."""
SHORTEST = 0.2
"""Seconds that the LP is given in a round at the least."""
RADIUS, WIDER = 60.0, 4.0
"""Points that prices may move in a round, and how many times farther where that is too near."""
COARSEST, COARSER = 1_000, 3
"""Classes that are solved at once, and how many times fewer the next coarser ones are."""
CLOSE = 1e-6
"""Relative distance of the bound from the value of the LP at which it is solved."""
PART, ROUGH = 0.05, 3e-4
"""The same, as a part of the gap that is asked for, and where only prices are sought."""


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
    hold, stop = Hold.of(program, choice), Stop(seconds, 0.0, stops=stops or Stops())
    columns = Columns.of(Classes.of(program, hold.units))
    return relax_level(Question(columns, 2, hold, choice, stop, 0, silent), seconds)


def relax_level(question: Question, seconds: float) -> Relaxation:
    """Solve the LP relaxation of any level, from coarse prices to fine ones."""
    watch, prices = question.stop.stops.watch(seconds, question.stop.cancelled), question.prices
    for coarse in reversed(_coarser(question)):
        prices = _generate(coarse, prices, ROUGH, watch).prices
    close = max(CLOSE, question.stop.gap * PART)
    return _generate(question, prices, close, watch)


def _coarser(question: Question) -> list[Question]:
    """Questions of ever fewer classes with the same rows, the next finest first."""
    out: list[Question] = []
    classes = question.columns.classes
    while question.prices is None and len(classes.first) > COARSEST:
        fewer = classes.coarser(len(classes.first) // COARSER)
        if 2 * len(fewer.first) > len(classes.first):
            break
        out.append(replace(question, columns=Columns.of(fewer)))
        classes = fewer
    return out


def _generate(question: Question, near: Prices | None, close: float, watch: Watch) -> Relaxation:
    """Generate columns until no pair can improve the LP, or the time is up.

    The prices of few columns swing. Started from prices, the LP is held within a box around the
    best so far, which moves as they improve and grows where it is what holds them.
    """
    lagrangian = Lagrangian.of(question)
    best = lagrangian.at(near or Prices.none(question.columns.program))
    if watch.stopped is not None:
        return best
    kept, master = _first(best.reduced, question), Master(question)
    radius = RADIUS if near else np.inf
    master.add(kept)
    while True:
        master.hold(best.prices, radius)
        value, prices = master.solve(max(SHORTEST, watch.left))
        if master.cut_short:
            watch.cut(back=True)
            return best
        found = lagrangian.at(prices)
        radius *= 1.0 if found.bound < best.bound else 0.5
        best = min(found, best, key=lambda r: r.bound)
        more = _improving(found.reduced, kept)
        exact = best.bound - value <= close * abs(value) + 1.0 or not more.any()
        if exact and not master.held:
            return replace(best, flows=master.flows())
        if watch.over():
            return best
        radius *= WIDER if exact else 1.0
        master.add(more)
        kept |= more


def with_flows(question: Question, best: Relaxation, seconds: float) -> Relaxation:
    """Add where the LP sends the units of each class, from the best pairs at its prices.

    For relaxations that ended before their LP was solved; without flows if time is short again.
    """
    watch = question.stop.stops.watch(seconds, question.stop.cancelled)
    if watch.skips:
        return best
    master = Master(question)
    master.add(_first(best.reduced, question))
    master.hold(best.prices, np.inf)
    master.solve(max(SHORTEST, watch.left))
    if not master.cut_short:
        return replace(best, flows=master.flows())
    watch.cut()
    return best


def _first(reduced: FloatArray, question: Question) -> BoolArray:
    """Pairs to begin with: the best at the prices, equals spread out, and those of the start."""
    classes = question.columns.classes
    random = np.random.Generator(np.random.PCG64(1))
    spread = reduced - random.random(reduced.shape, dtype=np.float32)
    kept = best_of_each(spread, FIRST) | (classes.amounts(question.start) > 0)
    return np.asarray(kept & classes.open)


def _improving(reduced: FloatArray, kept: BoolArray) -> BoolArray:
    """Pairs outside that come closer to a class's best than those inside, the best of them."""
    inside = np.where(kept, reduced, -np.inf).max(axis=1, initial=-np.inf)
    outside = np.where(kept, -np.inf, reduced)
    better = (outside > inside[:, None]) & np.isfinite(outside)
    return np.asarray(best_of_each(outside, MORE) & better)
