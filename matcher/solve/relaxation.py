"""The LP relaxation by column generation: prices, and a bound proved over all pairs.

Only few municipalities can matter to a household, so the LP starts with those and adds the
pairs whose reduced cost says that they could improve it. The bound is the Lagrangian dual at
the final prices over all pairs; it holds whatever the prices are.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.program import PER_POINT, Choice, Program
from matcher.solve.columns import Columns
from matcher.solve.highs import level_model, load
from matcher.solve.levels import Hold, Question
from matcher.solve.prices import Prices, net_points
from matcher.solve.result import Progress, Stop
from matcher.tables import BoolArray, FloatArray

FIRST = 8
"""Municipalities a unit starts with, those of most points."""
MORE = 4
"""Pairs added for a unit in a round at the most."""
TOLERANCE = 1e-6


@dataclass(frozen=True, eq=False)
class Relaxation:
    """Solved LP relaxation of level 2 with level 1 held.

    Parameters
    ----------
    prices : Prices
    bound : float
        Proven upper bound of level 2 in thousandths, over all pairs.
    reduced : float array, shape (units, municipalities)
        Points by which choosing a pair falls short of the unit's best, below or at 0;
        minus infinity where the pair cannot be chosen.
    """

    prices: Prices
    bound: float
    reduced: FloatArray


def relax(program: Program, choice: Choice, seconds: float = 600.0) -> Relaxation:
    """Solve the LP relaxation of level 2.

    Parameters
    ----------
    program : Program
    choice : int array, shape (units,)
        A plan that keeps all rules; its level-1 value is held, its pairs make the LP feasible.
    seconds : float
        Time limit of each LP.
    """
    kept, hold = _first(program, choice), Hold.of(program, choice)
    floor = np.where(hold.units, -np.inf, 0.0)
    while True:
        prices = _solve(Columns.of(program, kept), hold, choice, seconds)
        net = np.where(program.open, net_points(program, prices), -np.inf)
        inside = np.maximum(np.where(kept, net, -np.inf).max(axis=1), floor)
        more = _improving(net, inside, kept)
        if not more.any():
            return _relaxation(program, prices, net, floor, hold.weight)
        kept |= more


def _first(program: Program, choice: Choice) -> BoolArray:
    points = np.where(program.open, program.points.astype(np.float64), -np.inf)
    kept = _best(points, FIRST) & program.open
    placed = np.flatnonzero(choice >= 0)
    kept[placed, choice[placed]] = True
    return kept


def _best(values: FloatArray, count: int) -> BoolArray:
    """Mark the largest values of each row."""
    count = min(count, values.shape[1])
    out = np.zeros(values.shape, dtype=np.bool_)
    where = np.argpartition(-values, count - 1, axis=1)[:, :count]
    np.put_along_axis(out, where, True, axis=1)
    return out


def _improving(net: FloatArray, inside: FloatArray, kept: BoolArray) -> BoolArray:
    gain = np.where(kept, -np.inf, net - inside[:, None])
    return np.asarray(_best(gain, MORE) & (gain > TOLERANCE))


def _solve(columns: Columns, hold: Hold, choice: Choice, seconds: float) -> Prices:
    question = Question(columns, 2, hold, choice, Stop(seconds), 0, _silent)
    solver = load(level_model(question), integer=False)
    solver.setOptionValue("time_limit", float(seconds))
    solver.run()
    return _prices(columns, np.asarray(solver.getSolution().row_dual), hold)


def _silent(_: Progress) -> None:
    pass


def _prices(columns: Columns, dual: FloatArray, hold: Hold) -> Prices:
    """Spread the duals of the rows over groups and layers; rows that cannot bind cost nothing."""
    program = columns.program
    units = columns.units.shape[0]
    resource_rows, spread_rows = len(columns.resources.upper), len(columns.spreads.upper)
    resources: list[FloatArray] = [np.zeros(r.limit.shape) for r in program.resources]
    spreads: list[FloatArray] = [s.slope / PER_POINT for s in program.spreads]
    _fill(resources, columns.resources, np.maximum(dual[units : units + resource_rows], 0.0))
    _fill(spreads, columns.spreads, dual[len(dual) - spread_rows :])
    placed = 0.0
    if hold.weight is not None:
        placed = -float(dual[units + resource_rows]) / _scale(program)
    return Prices(tuple(resources), tuple(spreads), placed)


def _scale(program: Program) -> int:
    return max(1, int(np.gcd.reduce(program.weight)))


def _fill(prices: list[FloatArray], rows: Any, dual: FloatArray) -> None:
    for part, price in enumerate(prices):
        mine = rows.part == part
        price[rows.group[mine], rows.layer[mine]] = dual[mine]


def _relaxation(
    program: Program, prices: Prices, net: FloatArray, floor: FloatArray, held: int | None
) -> Relaxation:
    best = np.maximum(net.max(axis=1, initial=-np.inf), floor)
    best = np.where(np.isfinite(best), best, 0.0)
    bound = best.sum() + _supply(program, prices) - prices.placed * (held or 0)
    return Relaxation(prices, float(bound) * PER_POINT, net - best[:, None])


def _supply(program: Program, prices: Prices) -> float:
    """What the limits and the spreads are worth at the prices: the rest of the dual, in points."""
    worth = sum(
        float((p * np.where(p > 0, r.limit, 0)).sum())
        for r, p in zip(program.resources, prices.resources, strict=True)
    )
    return worth + sum(
        _conjugate(s, p) for s, p in zip(program.spreads, prices.spreads, strict=True)
    )


def _conjugate(spread: Any, price: FloatArray) -> float:
    """Largest of price times total minus its cost, over totals that can occur, in points."""
    most = spread.use.sum(axis=0)[None, :, None]
    zero = np.zeros_like(spread.base)[:, :, None]
    at = np.concatenate([zero, np.minimum(spread.breakpoint, most), zero + most], axis=2)
    worth = [price * at[:, :, k] - spread.cost(at[:, :, k]) / PER_POINT for k in range(at.shape[2])]
    return float(np.max(worth, axis=0).sum())
