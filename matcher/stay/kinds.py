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


@cache
def fitted_kinds() -> FloatArray:
    """Expected share of municipalities of each kind, shape (4, 2, 6, 6, 5), sums to 1."""
    seed = np.broadcast_to(_combinations(), SHAPE)
    shares = rake(seed, [_row(axis) for axis in range(1, len(SHAPE))])
    return np.asarray((1 - NEVER) * shares + NEVER * independent(shares))


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
    return np.asarray((1 - SMOOTHING) * shares + SMOOTHING * independent(shares))


def _row(axis: int) -> Sums:
    """Municipalities by quartile and one other variable, as table 7 has them."""
    dimension = list(LEVELS)[axis]
    counts = np.array([quartile_counts(dimension)[level] for level in LEVELS[dimension]]).T
    return Sums.of_axes(SHAPE, (0, axis), counts)
