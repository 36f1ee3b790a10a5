"""Convert saved rows of prices to :class:`Prices` in the shape of their problem."""

import csv
from collections.abc import Iterable
from typing import Any

import numpy as np

from matcher.problem.prices import Prices
from matcher.problem.problem import Problem
from matcher.problem.program import Resource, Spread

SavedPriceRow = tuple[str, int, int, float]
"""Id of the rule or term, group, layer, price in points."""


def prices_from_rows(rows: Iterable[SavedPriceRow], problem: Problem, placed: float) -> Prices:
    """Build prices from saved rows, in the shape of the problem that they were computed for.

    Parameters
    ----------
    rows : iterable of (str, int, int, float)
    problem : Problem
    placed : float
        See :class:`~matcher.problem.prices.Prices`.
    """
    rows_by_id: dict[str, list[SavedPriceRow]] = {}
    for row in rows:
        rows_by_id.setdefault(row[0], []).append(row)

    def price_array(part: Resource | Spread) -> Any:
        price = np.zeros(part.limit.shape if isinstance(part, Resource) else part.base.shape)
        for _, group, layer, value in rows_by_id.get(part.id, ()):
            price[group, layer] = value
        return price

    resources = tuple(price_array(r) for r in problem.resources)
    return Prices(resources, tuple(price_array(s) for s in problem.spreads), placed)


def read_price_rows(text: str) -> Iterable[SavedPriceRow]:
    """Read the rows of ``prices.csv``."""
    for row in csv.DictReader(text.splitlines()):
        yield row["rule"], int(row["group"]), int(row["layer"]), float(row["price"])
