"""Number of municipalities of each kind: table 7, fitted to the real municipalities of 2024.

Table 7 counts the out-migration quartiles by centrality, landsdel, size and continuity, one
variable at a time. Iterative proportional fitting starts from how many of the 357 municipalities
have each combination of centrality, size and landsdel, and changes these numbers as little as
possible until every margin of table 7 is met. So information that centrality and size share counts
once.
"""

from collections.abc import Mapping
from functools import cache

import numpy as np

from matcher.domain import Quartile
from matcher.stay.coefficients import Coefficients
from matcher.stay.raking import Sums, independent, outer_sum, rake
from matcher.stay.tables import municipalities_of_kind, quartile_counts
from matcher.tables import FloatArray

SIZE_BOUNDS = (2000, 5000, 10000, 20000, 50000)
CONTINUITY = ("does not settle continuously", "settles continuously")
LEVELS: Mapping[str, tuple[str, ...]] = {
    "outmigration_quartile": tuple(str(q) for q in Quartile),
    "continuity": CONTINUITY,
    "centrality": tuple("123456"),
    "population": (
        "under 2000",
        "2000-4999",
        "5000-9999",
        "10000-19999",
        "20000-49999",
        "50000+",
    ),
    "landsdel": ("Nord-Norge", "Trøndelag", "Vestlandet", "Sørlandet", "Østlandet"),
}
"""Variables of a municipality in the order of the axes of :func:`fitted_kinds`."""
SHAPE = tuple(len(levels) for levels in LEVELS.values())
INDEPENDENT_WEIGHT = 0.02
"""Weight of a table in which centrality, size and landsdel are independent: combinations that no
municipality has today become rare, not impossible."""
RULED_OUT_WEIGHT = 1e-9
"""Weight of kinds that table 7 rules out, so that such a municipality gets a prediction."""


@cache
def fitted_kinds() -> FloatArray:
    """Expected share of municipalities of each kind, shape (4, 2, 6, 6, 5), sums to 1."""
    seed = np.broadcast_to(_combinations(), SHAPE)
    shares = rake(seed, [_quartile_target(axis) for axis in range(1, len(SHAPE))])
    return np.asarray((1 - RULED_OUT_WEIGHT) * shares + RULED_OUT_WEIGHT * independent(shares))


def kind_effects(coefficients: Coefficients) -> FloatArray:
    """Effect of each kind of municipality on the probability of moving, shape (4, 2, 6, 6, 5)."""
    return outer_sum([coefficients.values(*item) for item in LEVELS.items()])


def _combinations() -> FloatArray:
    """Share of municipalities by centrality, size and landsdel, shape (6, 6, 5)."""
    dimensions = [LEVELS[d] for d in ("centrality", "population", "landsdel")]
    counts = np.zeros([len(levels) for levels in dimensions])
    for kind, count in municipalities_of_kind().items():
        counts[tuple(d.index(level) for d, level in zip(dimensions, kind, strict=True))] = count
    shares = counts / counts.sum()
    return np.asarray((1 - INDEPENDENT_WEIGHT) * shares + INDEPENDENT_WEIGHT * independent(shares))


def _quartile_target(axis: int) -> Sums:
    """Target from table 7: municipalities by quartile and one other variable."""
    dimension = list(LEVELS)[axis]
    counts = np.array([quartile_counts(dimension)[level] for level in LEVELS[dimension]]).T
    return Sums.of_axes(SHAPE, (0, axis), counts)
