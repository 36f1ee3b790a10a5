"""Use a saved result as the warm start of a new problem."""

import numpy as np
import pandas as pd

from matcher.domain.tables.array_types import FloatArray
from matcher.problem.prices import Prices
from matcher.problem.problem import Problem
from matcher.problem.program import Resource, Spread
from matcher.report.results import SavedResult
from matcher.solve.warm_start import WarmStart


def warm_start(saved: SavedResult, problem: Problem) -> WarmStart:
    """Convert a saved plan, its prices and its gap to a problem that may have changed since.

    Households, municipalities, rules and layers that the problem no longer has are dropped. Wrong
    prices cost time but never give a wrong result: a bound is valid for any prices.
    """
    return WarmStart.from_plan(problem, saved.plan, read_prices(saved, problem), _gap(saved))


def read_prices(saved: SavedResult, problem: Problem) -> Prices | None:
    """Return the prices of a saved result in the shape of a problem; None when it has none."""
    return None if saved.prices is None else _prices(saved.prices, problem)


def _gap(saved: SavedResult) -> float:
    """Return the plan's gap to the bound at its prices, or the saved gap without that bound."""
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
    """Return the prices of a rule or term by group and layer, 0 where none was saved."""
    prices = np.zeros(shape)
    rows = frame[(frame["rule"] == part.id) & (frame["layer"] < shape[1])]
    group = _groups(rows, problem, part)
    known = (group >= 0) & (group < shape[0])
    layer, price = rows["layer"].to_numpy(), rows["price"].to_numpy()
    prices[group[known], layer[known]] = price[known]
    return prices


def _groups(rows: pd.DataFrame, problem: Problem, part: Resource | Spread) -> FloatArray:
    """Return the group of each price: that of its municipality where it has one, else as saved."""
    row_of = problem.municipalities.row_of
    number = rows["municipality"] if "municipality" in rows else pd.Series("", index=rows.index)
    row = number.map(row_of)
    group_of_municipality = (
        part.group[row.fillna(0).astype(np.int64).to_numpy()] if len(part.group) else row
    )
    return np.where(
        row.notna(),
        group_of_municipality,
        np.where(number.isna() | (number == ""), rows["group"], -1),
    )
