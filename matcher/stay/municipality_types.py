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

from matcher.domain.municipality import OutMigrationQuartile
from matcher.domain.tables.array_types import FloatArray
from matcher.stay.coefficients import Coefficients, municipality_counts, quartile_counts
from matcher.stay.raking import MarginTarget, independent_table, outer_sum, rake

SIZE_BOUNDS = (2000, 5000, 10000, 20000, 50000)
CONTINUITY_LEVELS = ("does not settle continuously", "settles continuously")
PLACE_LEVELS: Mapping[str, tuple[str, ...]] = {
    "outmigration_quartile": tuple(str(q) for q in OutMigrationQuartile),
    "continuity": CONTINUITY_LEVELS,
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
"""Variables of a municipality in the order of the axes of :func:`municipality_type_shares`."""
PLACE_SHAPE = tuple(len(levels) for levels in PLACE_LEVELS.values())
INDEPENDENT_WEIGHT = 0.02
"""Weight of a table in which centrality, size and landsdel are independent: combinations that no
municipality has today become rare, not impossible."""
RULED_OUT_WEIGHT = 1e-9
"""Weight of kinds that table 7 rules out, so that such a municipality gets a prediction."""


@cache
def municipality_type_shares() -> FloatArray:
    """Expected share of municipalities of each kind, shape (4, 2, 6, 6, 5), sums to 1."""
    seed = np.broadcast_to(_combinations(), PLACE_SHAPE)
    shares = rake(seed, [_quartile_target(axis) for axis in range(1, len(PLACE_SHAPE))])
    return np.asarray(
        (1 - RULED_OUT_WEIGHT) * shares + RULED_OUT_WEIGHT * independent_table(shares)
    )


def municipality_type_effects(coefficients: Coefficients) -> FloatArray:
    """Effect of each kind of municipality on the probability of moving, shape (4, 2, 6, 6, 5)."""
    return outer_sum([coefficients.values(*item) for item in PLACE_LEVELS.items()])


def _combinations() -> FloatArray:
    """Share of municipalities by centrality, size and landsdel, shape (6, 6, 5)."""
    dimensions = [PLACE_LEVELS[d] for d in ("centrality", "population", "landsdel")]
    counts = np.zeros([len(levels) for levels in dimensions])
    for kind, count in municipality_counts().items():
        counts[tuple(d.index(level) for d, level in zip(dimensions, kind, strict=True))] = count
    shares = counts / counts.sum()
    return np.asarray(
        (1 - INDEPENDENT_WEIGHT) * shares + INDEPENDENT_WEIGHT * independent_table(shares)
    )


def _quartile_target(axis: int) -> MarginTarget:
    """Target from table 7: municipalities by quartile and one other variable."""
    dimension = list(PLACE_LEVELS)[axis]
    counts = np.array([quartile_counts(dimension)[level] for level in PLACE_LEVELS[dimension]]).T
    return MarginTarget.from_counts(PLACE_SHAPE, (0, axis), counts)
