"""Apportionment: distribute whole numbers as closely as possible to given shares."""

from collections.abc import Sequence
from math import fsum

import numpy as np

from instances.random_stream import Int64Array

Table = list[list[float]]


def apportion(weights: Sequence[int] | Int64Array, total: int) -> Int64Array:
    """Distribute ``total`` in whole numbers by weight (largest remainder), shape (weights,).

    Parameters
    ----------
    weights : sequence of int
        At least 0; if all are 0, nothing is distributed.
    total : int
        At least 0; the product with the largest weight must be below 2**63.
    """
    shares = np.asarray(weights, dtype=np.int64)
    if shares.sum() == 0:
        return np.zeros(len(shares), dtype=np.int64)
    whole, remainders = np.divmod(shares * total, shares.sum())
    first = np.argsort(-remainders, kind="stable")[: total - int(whole.sum())]
    whole[first] += 1
    return whole


def systematic_indices(weights: Sequence[int], count: int) -> Int64Array:
    """Pick ``count`` indices of a list of weights at even steps (systematic sampling), sorted.

    Neighbours in the list compensate each other's rounding, so in a sensibly ordered list the
    total of every run of neighbours is exact to within one.
    """
    bounds = np.cumsum(np.asarray(weights, dtype=np.int64))
    steps = np.arange(count, dtype=np.int64) * 2 + 1
    at = steps * int(bounds[-1]) // (2 * max(count, 1))
    return np.searchsorted(bounds, at, side="right").astype(np.int64)


def fit_proportionally(
    seed: Sequence[Sequence[float]], rows: Sequence[float], columns: Sequence[float]
) -> Table:
    """Scale a table until rows and columns have given totals (iterative proportional fitting).

    Plain Python floats in a fixed order, since array sums may round differently by platform.

    Parameters
    ----------
    seed : table of float, shape (rows, columns)
        At least 0: the table before scaling.
    rows, columns : sequence of float
        Totals; the columns are scaled to the sum of the rows.
    """
    table = [list(map(float, row)) for row in seed]
    scale = fsum(rows) / fsum(columns)
    for _ in range(100):
        table = [_scale_to(row, total) for row, total in zip(table, rows, strict=True)]
        turned = [list(column) for column in zip(*table, strict=True)]
        turned = [_scale_to(c, total * scale) for c, total in zip(turned, columns, strict=True)]
        table = [list(row) for row in zip(*turned, strict=True)]
    return table


def _scale_to(values: list[float], total: float) -> list[float]:
    current = fsum(values)
    return [value * total / current for value in values] if current > 0 else values


def round_to_households(
    wanted_persons: Sequence[Sequence[float]], household_sizes: Sequence[int]
) -> list[Int64Array]:
    """Round wanted persons to whole households, cell by cell, carrying over rounding errors.

    Parameters
    ----------
    wanted_persons : table of float, shape (cells, kinds)
        Persons of each kind wanted in each cell; the sum of a cell is its number of households
        times its household size.
    household_sizes : sequence of int, shape (cells,)
        Persons in each household of a cell; best ordered with large households first.

    Returns
    -------
    list of int array, shape (kinds,)
        Households of each kind, one array per cell.
    """
    missing = [0.0] * len(wanted_persons[0])
    households_by_cell = []
    for cell, size in zip(wanted_persons, household_sizes, strict=True):
        households = round(fsum(cell) / size)
        need = [max(0.0, w + m) if w > 0 else 0.0 for w, m in zip(cell, missing, strict=True)]
        counts = apportion([round(n * 1000) for n in need], households)
        missing = [m + w - int(c) * size for m, w, c in zip(missing, cell, counts, strict=True)]
        households_by_cell.append(counts)
    return households_by_cell
