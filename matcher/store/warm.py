"""A saved result as a start for a new problem."""

import numpy as np
import pandas as pd

from matcher.problem import Problem
from matcher.program import Resource, Spread
from matcher.solve import Warm
from matcher.solve.prices import Prices
from matcher.store.results import SavedResult
from matcher.tables import FloatArray


def warm_start(saved: SavedResult, problem: Problem) -> Warm:
    """Find a saved plan, its prices and its gap in a problem that may have changed since.

    Households, municipalities, rules and layers that are no longer there are left out. Prices
    that are carried over wrongly cost time, and never truth: a bound holds whatever they are.
    """
    prices = None if saved.prices is None else _prices(saved.prices, problem)
    return Warm.of(problem, saved.plan, prices, _gap(saved))


def _gap(saved: SavedResult) -> float:
    """How far the plan was from the bound at its prices; from any bound, if that was not saved."""
    if len(saved.facts["levels"]) < 2:
        return 0.0
    level, bound = saved.facts["levels"][1], saved.facts.get("price_bound")
    if isinstance(bound, float):
        return Prices((), (), bound=bound).gap(level["value"])
    return level["gap"] if isinstance(level["gap"], float) else 0.0


def _prices(frame: pd.DataFrame, problem: Problem) -> Prices:
    program = problem.program
    return Prices(
        tuple(np.maximum(_filled(frame, problem, r, r.limit.shape), 0) for r in program.resources),
        tuple(_filled(frame, problem, s, s.base.shape) for s in program.spreads),
    )


def _filled(
    frame: pd.DataFrame, problem: Problem, part: Resource | Spread, shape: tuple[int, ...]
) -> FloatArray:
    """Prices of one rule or term by group and layer, 0 where none was saved."""
    out = np.zeros(shape)
    mine = frame[(frame["rule"] == part.id) & (frame["layer"] < shape[1])]
    group = _groups(mine, problem, part)
    known = (group >= 0) & (group < shape[0])
    layer, price = mine["layer"].to_numpy(), mine["price"].to_numpy()
    out[group[known], layer[known]] = price[known]
    return out


def _groups(mine: pd.DataFrame, problem: Problem, part: Resource | Spread) -> FloatArray:
    """Group of each price: by the number of its municipality where it is of one."""
    row_of = problem.municipalities.row_of
    number = mine["municipality"] if "municipality" in mine else pd.Series("", index=mine.index)
    row = number.map(row_of)
    of_one = part.group[row.fillna(0).astype(np.int64).to_numpy()] if len(part.group) else row
    return np.where(
        row.notna(), of_one, np.where(number.isna() | (number == ""), mine["group"], -1)
    )
