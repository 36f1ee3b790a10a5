"""Small systems of rows with all their integer points, and vertices of their LP."""

from itertools import product
from typing import Any

import numpy as np
from scipy import sparse

from matcher.solve.backends.highs_lp import ROW_AT_LOWER_LIMIT, load_into_highs
from matcher.solve.mip_model import MipModel
from matcher.solve.priced.gomory import (
    ColumnSystem,
    LpVertex,
)

LARGEST = 3
"""Largest value that any column of a random program can have."""


def integer_program(seed):
    """A small system with all kinds of rows, and every point in whole numbers that keeps it.

    Some columns have a bound of their own, the others are bounded by a row. Rows have an upper
    limit, a lower one, both, or are equations. The last are cuts: fractions, and no whole slack.
    """
    random = np.random.default_rng(seed)
    columns = int(random.integers(2, 6))
    most = random.integers(1, LARGEST + 1, columns).astype(float)
    bounded = random.random(columns) < 0.6
    inside = random.integers(0, most + 1)
    inside[~bounded] //= max(1, int((~bounded).sum()))
    rows: list[tuple[Any, float, float]] = [(np.where(bounded, 0, 1), -np.inf, LARGEST)]
    for kind in random.choice(["upper", "lower", "both", "equal"], int(random.integers(2, 5))):
        row = random.integers(-3, 8, columns)
        at = int(row @ inside)
        low, high = at - int(random.integers(0, 4)), at + int(random.integers(0, 4))
        rows.append(
            {
                "upper": (row, -np.inf, high),
                "lower": (row, low, np.inf),
                "both": (row, low, high + 1),
                "equal": (row, at, at),
            }[str(kind)]
        )
    whole = len(rows)
    for _ in range(int(random.integers(0, 3))):
        cut = random.normal(size=columns) * 3
        rows.append((cut, -np.inf, float(cut @ inside) + random.random()))
    matrix, lower, upper = (np.array(part, dtype=float) for part in zip(*rows, strict=True))
    system = ColumnSystem(
        cost=random.normal(size=columns) * 5,
        upper_bound=np.where(bounded, most, np.inf),
        matrix=sparse.csr_array(matrix),
        lower=lower,
        upper=upper,
        is_cut=np.arange(len(rows)) >= whole,
    )
    box = [range(int(m) + 1 if b else LARGEST + 1) for m, b in zip(most, bounded, strict=True)]
    points = np.array(list(product(*box)), dtype=float)
    activity = points @ matrix.T
    kept = ((activity >= lower - 1e-9) & (activity <= upper + 1e-9)).all(axis=1)
    assert kept.any()
    return system, points[kept], random


def any_vertex(system, random):
    """Values of some columns, many of them at their bound, and limits to rest on, at random."""
    columns, rows = len(system.upper_bound), len(system.is_cut)
    some = np.flatnonzero(random.random(columns) < 0.8)
    most = np.minimum(system.upper_bound[some], LARGEST)
    values = np.where(random.random(len(some)) < 0.5, most, random.random(len(some)) * most)
    return LpVertex(some, values, np.zeros(rows), random.random(rows) < 0.5)


def any_multipliers(system, random):
    """Rows to add up, of either sign: any numbers, fractions of small denominators, and none."""
    shape = (12, len(system.is_cut))
    numbers = random.normal(size=shape) * random.choice([0.3, 1.0, 4.0])
    parts = random.integers(-9, 10, shape) / random.integers(1, 7, shape)
    kind = random.random(shape)
    return np.where(kind < 0.4, numbers, np.where(kind < 0.7, parts, 0.0))


def basis(solver, system):
    """A solved LP's vertex, the value of each basic variable, and rows of the basis' inverse."""
    solution, count = solver.getSolution(), len(system.is_cut)
    values, activity = np.array(solution.col_value), np.array(solution.row_value)
    status = solver.getBasis().row_status
    low = np.array([s == ROW_AT_LOWER_LIMIT for s in status])
    _, basic = solver.getBasicVariables()
    basic = np.asarray(basic)
    row = np.clip(-basic - 1, 0, None)
    value = np.where(basic >= 0, values[np.clip(basic, 0, None)], activity[row])
    value = np.where((basic < 0) & system.is_cut[row], 0.0, value)
    inverse = np.array([solver.getBasisInverseRow(k)[1] for k in range(count)])
    return LpVertex(np.arange(len(values)), values, activity, low), value, inverse


def lp(system):
    model = MipModel(
        system.cost, system.upper_bound, system.matrix, system.lower, system.upper, 0, offset=0.0
    )
    solver = load_into_highs(model, threads=1, integer=False)
    solver.run()
    return solver
