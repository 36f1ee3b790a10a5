"""Effects of the municipality, table 4, and of what it may be where facts are not known."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from matcher.domain.answer import Answer
from matcher.domain.municipality import OutMigrationQuartile
from matcher.domain.tables.array_types import FloatArray, IntArray
from matcher.domain.tables.municipalities import MunicipalityTable
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


@dataclass(frozen=True, slots=True)
class MunicipalityEffects:
    """What each municipality adds to the probability of moving.

    Parameters
    ----------
    value, variance : float array, shape (municipalities,)
        Sum of the effects; its variance from the coefficients and from unknown facts.
    quartile_known : bool array, shape (municipalities,)
        False where the out-migration quartile is an expectation.
    """

    value: FloatArray
    variance: FloatArray
    quartile_known: np.ndarray


def municipality_effects(m: MunicipalityTable, coefficients: Coefficients) -> MunicipalityEffects:
    """Sum the effects of centrality, landsdel, size, continuity and out-migration quartile."""
    chances, effects = type_probabilities(m), municipality_type_effects(coefficients)
    value = _expected(chances, effects)
    unknown = np.maximum(_expected(chances, effects**2) - value**2, 0.0)
    errors = [
        level_probabilities(chances, axis) ** 2 @ coefficients.variances(*item)
        for axis, item in enumerate(PLACE_LEVELS.items())
    ]
    return MunicipalityEffects(value, np.sum([unknown, *errors], axis=0), m.quartile >= 0)


def type_probabilities(m: MunicipalityTable) -> FloatArray:
    """Probability of each kind that a municipality can be, shape (municipalities, *kinds).

    One kind has probability 1 where every fact is known. Otherwise the probabilities are the
    shares of the kinds that agree with the known facts (:func:`municipality_type_shares`).
    """
    chances = np.broadcast_to(municipality_type_shares(), (len(m), *PLACE_SHAPE))
    for axis, code in enumerate(municipality_codes(m)):
        known = np.vstack([np.eye(PLACE_SHAPE[axis]), np.ones(PLACE_SHAPE[axis])])[code]
        shape = [PLACE_SHAPE[a] if a == axis else 1 for a in range(len(PLACE_SHAPE))]
        chances = chances * known.reshape(len(m), *shape)
    return np.asarray(chances / chances.sum(axis=tuple(range(1, chances.ndim)), keepdims=True))


def quartile_probabilities(m: MunicipalityTable) -> FloatArray:
    """Probability of each quartile, shape (municipalities, 4); 1 for a known quartile."""
    return level_probabilities(type_probabilities(m), 0)


def level_probabilities(probabilities: FloatArray, axis: int) -> FloatArray:
    """Probability of each level of one variable, shape (municipalities, levels)."""
    other_axes = tuple(a + 1 for a in range(len(PLACE_SHAPE)) if a != axis)
    return np.asarray(probabilities.sum(axis=other_axes))


def _expected(chances: FloatArray, values: FloatArray) -> FloatArray:
    return np.asarray(chances.reshape(len(chances), values.size) @ values.reshape(-1))


def municipality_codes(m: MunicipalityTable) -> tuple[IntArray, ...]:
    """Code of each municipality among the levels of each variable, -1 where it is unknown."""
    landsdeler = PLACE_LEVELS["landsdel"]
    landsdel = [landsdeler.index(w) if w in landsdeler else -1 for w in m.landsdel]
    size = np.searchsorted(SIZE_BOUNDS, m.population, side="right")
    continuity = np.where(
        m.continuous == Answer.YES, CONTINUITY_LEVELS.index("settles continuously"), 0
    )
    return (
        m.quartile,
        np.where(m.continuous == Answer.UNKNOWN, -1, continuity),
        m.centrality - 1,
        np.where(m.population < 0, -1, size),
        np.array(landsdel, dtype=np.int64),
    )
