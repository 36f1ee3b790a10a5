"""How many municipalities there are of each kind: table 7, fitted to the country's real make-up.

Table 7 says how the out-migration quartiles spread over centrality, landsdel, size and
continuity, one at a time. Iterative proportional fitting starts from how many of the 357
municipalities have each combination of centrality, size and landsdel, and changes that as little
as it can until every margin of table 7 is met. So what centrality and size say twice counts once.
"""

from collections.abc import Mapping
from functools import cache

import numpy as np

from matcher.domain import Quartile
from matcher.stay.tables import municipalities_of_kind, quartile_counts
from matcher.tables import FloatArray

SIZE_BOUNDS = (2000, 5000, 10000, 20000, 50000)
CONTINUITY = ("does not settle continuously", "settles continuously")
LEVELS: Mapping[str, tuple[str, ...]] = {
    "outmigration_quartile": tuple(str(q) for q in Quartile),
    "continuity": CONTINUITY,
    "centrality": tuple("123456"),
    "population": (
        "under 2000", "2000-4999", "5000-9999", "10000-19999", "20000-49999", "50000+",
    ),
    "landsdel": ("Nord-Norge", "Trøndelag", "Vestlandet", "Sørlandet", "Østlandet"),
}  # fmt: skip
"""Variables of a municipality in the order of the axes of :func:`fitted_kinds`."""
SHAPE = tuple(len(levels) for levels in LEVELS.values())
SMOOTHING = 0.02
"""Weight of combinations as if centrality, size and landsdel were independent: those that no
municipality has today are rare, not impossible."""
NEVER = 1e-9
"""Weight of what table 7 rules out, so that a municipality that contradicts it gets an answer."""
ENOUGH = 1e-10
"""Largest deviation from a margin, in municipalities, at which the fitting ends."""


@cache
def fitted_kinds() -> FloatArray:
    """Expected share of municipalities of each kind, shape (4, 2, 6, 6, 5), sums to 1."""
    counts = np.broadcast_to(_seed(), SHAPE).copy()
    for _ in range(1000):
        if _sweep(counts) < ENOUGH:
            break
    shares = counts / counts.sum()
    return np.asarray((1 - NEVER) * shares + NEVER * _independent(shares))


def margin(table: FloatArray, *axes: int) -> FloatArray:
    """Sums of a table over all its axes but those given, which are kept in order."""
    return np.asarray(table.sum(axis=tuple(a for a in range(table.ndim) if a not in axes)))


def along(values: FloatArray, *axes: int) -> FloatArray:
    """Values of the given axes, shaped to multiply a table of all kinds."""
    shape = [SHAPE[a] if a in axes else 1 for a in range(len(SHAPE))]
    return values.reshape(shape)


def _seed() -> FloatArray:
    """Share of municipalities by centrality, size and landsdel, shape (6, 6, 5)."""
    counted = municipalities_of_kind()
    dimensions = [LEVELS[d] for d in ("centrality", "population", "landsdel")]
    seed = np.zeros([len(levels) for levels in dimensions])
    for kind, count in counted.items():
        seed[tuple(d.index(level) for d, level in zip(dimensions, kind, strict=True))] = count
    shares = seed / seed.sum()
    return np.asarray((1 - SMOOTHING) * shares + SMOOTHING * _independent(shares))


def _independent(shares: FloatArray) -> FloatArray:
    """Shares as they would be if the axes had nothing to do with each other."""
    out = np.ones(())
    for axis in range(shares.ndim):
        out = np.multiply.outer(out, margin(shares, axis))
    return np.asarray(out)


def _sweep(counts: FloatArray) -> float:
    """Meet the margins of table 7 in turn, in place; give the largest deviation met."""
    worst = 0.0
    for axis, (dimension, levels) in enumerate(LEVELS.items()):
        if axis == 0:
            continue
        target = np.array([quartile_counts(dimension)[level] for level in levels], float).T
        current = margin(counts, 0, axis)
        worst = max(worst, float(np.abs(target - current).max()))
        factor = np.divide(target, current, out=np.zeros_like(target), where=current > 0)
        counts *= along(factor, 0, axis)
    return worst
