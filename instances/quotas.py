"""Sharing out whole numbers so that what is given follows the shares as closely as it can."""

from collections.abc import Sequence
from math import fsum

import numpy as np

from instances.draws import Whole

Table = list[list[float]]


def largest_remainder(weights: Sequence[int] | Whole, total: int) -> Whole:
    """Share ``total`` out in whole numbers by weight (largest remainder), shape (weights,).

    Parameters
    ----------
    weights : sequence of int
        At least 0; all 0 shares nothing out.
    total : int
        At least 0; times the largest weight below 2**63.
    """
    shares = np.asarray(weights, dtype=np.int64)
    if shares.sum() == 0:
        return np.zeros(len(shares), dtype=np.int64)
    whole, rest = np.divmod(shares * total, shares.sum())
    first = np.argsort(-rest, kind="stable")[: total - int(whole.sum())]
    whole[first] += 1
    return whole


def evenly_spread(weights: Sequence[int], count: int) -> Whole:
    """Pick ``count`` places in a list of weights at even steps (systematic sampling), sorted.

    Neighbours in the list make up for each other's rounding, so a list in a sensible order
    keeps its totals within one, for any stretch of it.
    """
    bounds = np.cumsum(np.asarray(weights, dtype=np.int64))
    steps = np.arange(count, dtype=np.int64) * 2 + 1
    at = steps * int(bounds[-1]) // (2 * max(count, 1))
    return np.searchsorted(bounds, at, side="right").astype(np.int64)


def proportional_fit(
    seed: Sequence[Sequence[float]], rows: Sequence[float], columns: Sequence[float]
) -> Table:
    """Scale a table until its rows and columns add up as asked (iterative proportional fitting).

    Plain Python floats in a fixed order, since array sums may round differently by platform.

    Parameters
    ----------
    seed : table of float, shape (rows, columns)
        At least 0: how the two go together before the totals are known.
    rows, columns : sequence of float
        Totals; the columns are scaled to the sum of the rows.
    """
    table = [list(map(float, row)) for row in seed]
    scale = fsum(rows) / fsum(columns)
    for _ in range(100):
        table = [_scaled(row, total) for row, total in zip(table, rows, strict=True)]
        turned = [list(column) for column in zip(*table, strict=True)]
        turned = [_scaled(c, total * scale) for c, total in zip(turned, columns, strict=True)]
        table = [list(row) for row in zip(*turned, strict=True)]
    return table


def _scaled(values: list[float], total: float) -> list[float]:
    now = fsum(values)
    return [value * total / now for value in values] if now > 0 else values


def carried_over(wanted: Sequence[Sequence[float]], sizes: Sequence[int]) -> list[Whole]:
    """Turn wanted persons into whole households, cell by cell, carrying over what is missing.

    Parameters
    ----------
    wanted : table of float, shape (cells, kinds)
        Persons of each kind wanted in each cell; a cell's sum is its households times its size.
    sizes : sequence of int, shape (cells,)
        Persons in each household of a cell; best with large households first.

    Returns
    -------
    list of int array, shape (kinds,)
        Households of each kind, one array a cell.
    """
    missing = [0.0] * len(wanted[0])
    given = []
    for cell, size in zip(wanted, sizes, strict=True):
        households = round(fsum(cell) / size)
        need = [max(0.0, w + m) if w > 0 else 0.0 for w, m in zip(cell, missing, strict=True)]
        counts = largest_remainder([round(n * 1000) for n in need], households)
        missing = [m + w - int(c) * size for m, w, c in zip(missing, cell, counts, strict=True)]
        given.append(counts)
    return given
