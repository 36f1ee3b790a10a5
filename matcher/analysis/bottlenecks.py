"""Bottlenecks: limits where one more place would be worth most to the rest of the queue."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.domain.tables.array_types import FloatArray, StrArray
from matcher.problem.prices import Prices
from matcher.problem.problem import Problem
from matcher.problem.program import Choice, Resource, sum_use

MIN_PRICE = 0.5
"""Lowest price of a bottleneck, in points; below it, one more place makes no notable difference."""


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """A limit of a municipality, or a group of them, that keeps households from being placed there.

    Parameters
    ----------
    rule : str
        Identifier of the rule that sets the limit.
    numbers, names : tuple of str
        Municipalities that share the limit, usually one.
    price : float
        Points that one more place is worth to the rest of the queue. Where the rule counts by
        several thresholds, as for dwellings, this is one more place that passes all of them.
    limit, used : int
        The capacity and how much of it the plan uses, at the threshold of the highest price.
    """

    rule: str
    numbers: tuple[str, ...]
    names: tuple[str, ...]
    price: float
    limit: int
    used: int


def find_bottlenecks(problem: Problem, prices: Prices, choice: Choice) -> tuple[Bottleneck, ...]:
    """List bottlenecks, the highest price first; then by rule and municipality.

    Parameters
    ----------
    problem : Problem
    prices : Prices
    choice : int array, shape (units,)
        The plan to which the prices belong.
    """
    pairs = zip(problem.resources, prices.resources, strict=True)
    rows = [
        row for resource, price in pairs for row in _scarce_groups(problem, resource, price, choice)
    ]
    return tuple(sorted(rows, key=lambda row: (-row.price, row.rule, row.numbers)))


def sum_prices_by_municipality(problem: Problem, rows: Sequence[Bottleneck]) -> FloatArray:
    """Sum the prices of all bottlenecks by municipality, shape (municipalities,)."""
    total = np.zeros(len(problem.municipalities))
    for row in rows:
        total[[problem.municipality_row(number) for number in row.numbers]] += row.price
    return total


def _scarce_groups(
    problem: Problem, resource: Resource, price: FloatArray, choice: Choice
) -> list[Bottleneck]:
    m, used = problem.municipalities, sum_use(resource, choice, len(resource.limit))
    group_price = price.sum(axis=1)
    rows = []
    for group in np.flatnonzero(group_price >= MIN_PRICE):
        inside, layer = resource.group == group, int(price[group].argmax())
        rows.append(
            Bottleneck(
                resource.id,
                _texts(m.number[inside]),
                _texts(m.name[inside]),
                float(group_price[group]),
                int(resource.limit[group, layer]),
                int(used[group, layer]),
            )
        )
    return rows


def _texts(column: StrArray) -> tuple[str, ...]:
    return tuple(str(text) for text in column)
