"""Scarce places: where one more would be worth most to the rest of the queue."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.problem import Problem
from matcher.program import Choice, Resource, totals
from matcher.solve.prices import Prices
from matcher.tables import FloatArray
from matcher.tables.types import StrArray

LEAST = 0.5
"""Points below which one more is worth nothing that anyone would notice."""


@dataclass(frozen=True, slots=True)
class Scarce:
    """A limit of a municipality, or a group of them, that holds others back.

    Parameters
    ----------
    rule : str
        Identifier of the rule whose limit it is.
    numbers, names : tuple of str
        Municipalities that share the limit, most often one.
    price : float
        Points that one more is worth to the rest of the queue. Where the rule counts by several
        thresholds, as for dwellings, one more that passes them all.
    limit, used : int
        How much there is and how much the plan uses, at the threshold of the highest price.
    """

    rule: str
    numbers: tuple[str, ...]
    names: tuple[str, ...]
    price: float
    limit: int
    used: int


def scarce(problem: Problem, prices: Prices, choice: Choice) -> tuple[Scarce, ...]:
    """List scarce limits, the highest price first; then by rule and municipality.

    Parameters
    ----------
    problem : Problem
    prices : Prices
    choice : int array, shape (units,)
        The plan that the prices belong to.
    """
    pairs = zip(problem.resources, prices.resources, strict=True)
    found = [row for resource, price in pairs for row in _of(problem, resource, price, choice)]
    return tuple(sorted(found, key=lambda row: (-row.price, row.rule, row.numbers)))


def worth_of_one(problem: Problem, rows: Sequence[Scarce]) -> FloatArray:
    """Price of one more of everything that is scarce, by municipality, shape (municipalities,)."""
    out = np.zeros(len(problem.municipalities))
    for row in rows:
        out[[problem.municipality(number) for number in row.numbers]] += row.price
    return out


def _of(problem: Problem, resource: Resource, price: FloatArray, choice: Choice) -> list[Scarce]:
    m, used = problem.municipalities, totals(resource, choice, len(resource.limit))
    together = price.sum(axis=1)
    out = []
    for group in np.flatnonzero(together >= LEAST):
        inside, layer = resource.group == group, int(price[group].argmax())
        out.append(
            Scarce(
                resource.id,
                _texts(m.number[inside]),
                _texts(m.name[inside]),
                float(together[group]),
                int(resource.limit[group, layer]),
                int(used[group, layer]),
            )
        )
    return out


def _texts(column: StrArray) -> tuple[str, ...]:
    return tuple(str(text) for text in column)
