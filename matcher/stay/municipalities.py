"""Effects of the municipality, table 4, with what is not known averaged over table 7."""

from dataclasses import dataclass

import numpy as np

from matcher.domain import Quartile
from matcher.stay.coefficients import Coefficients
from matcher.stay.tables import (
    level_shares,
    overall_quartile_shares,
    quartile_shares,
)
from matcher.tables import FloatArray, MunicipalityTable

SIZE_BOUNDS = (2000, 5000, 10000, 20000, 50000)
SIZES = ("under 2000", "2000-4999", "5000-9999", "10000-19999", "20000-49999", "50000+")
CENTRALITY = tuple("123456")
LANDSDELER = ("Nord-Norge", "Trøndelag", "Vestlandet", "Sørlandet", "Østlandet")
QUARTILES = tuple(str(q) for q in Quartile)
CONTINUITY = ("does not settle continuously", "settles continuously")


@dataclass(frozen=True, slots=True)
class MunicipalityEffects:
    """What each municipality adds to the probability of moving.

    Parameters
    ----------
    value, variance : float array, shape (municipalities,)
        Sum of the effects; variance of the coefficients and of what is not known.
    quartile_known : bool array, shape (municipalities,)
        False where the out-migration quartile is an expectation.
    """

    value: FloatArray
    variance: FloatArray
    quartile_known: np.ndarray


def municipality_effects(m: MunicipalityTable, coefficients: Coefficients) -> MunicipalityEffects:
    """Sum the effects of centrality, landsdel, size, continuity and out-migration quartile."""
    parts = [
        _mixture(coefficients, "centrality", CENTRALITY, _centrality(m)),
        _mixture(coefficients, "landsdel", LANDSDELER, _landsdel(m)),
        _mixture(coefficients, "population", SIZES, _size(m)),
        _mixture(coefficients, "continuity", CONTINUITY, _continuity(m)),
        _mixture(coefficients, "outmigration_quartile", QUARTILES, quartile_weights(m)),
    ]
    return MunicipalityEffects(
        np.sum([value for value, _ in parts], axis=0),
        np.sum([variance for _, variance in parts], axis=0),
        m.quartile >= 0,
    )


def quartile_weights(m: MunicipalityTable) -> FloatArray:
    """Probability of each quartile, shape (municipalities, 4); certain where it is known.

    Where it is not known the margins of table 7 by centrality, size and landsdel are combined
    as if they were independent given the quartile.
    """
    prior = overall_quartile_shares()
    likelihood = prior[None, :].repeat(len(m), axis=0)
    for dimension, levels, weights in (
        ("centrality", CENTRALITY, _centrality(m)),
        ("population", SIZES, _size(m)),
        ("landsdel", LANDSDELER, _landsdel(m)),
    ):
        shares = np.array([quartile_shares(dimension, level) for level in levels])
        likelihood = likelihood * (weights @ shares) / prior
    expected = likelihood / likelihood.sum(axis=1, keepdims=True)
    known = np.vstack([np.eye(len(QUARTILES)), np.zeros(len(QUARTILES))])[m.quartile]
    return np.where((m.quartile >= 0)[:, None], known, expected)


def _mixture(
    coefficients: Coefficients, variable: str, levels: tuple[str, ...], weights: FloatArray
) -> tuple[FloatArray, FloatArray]:
    effects = [coefficients.effect(variable, level) for level in levels]
    values = np.array([e.value for e in effects])
    variances = np.array([e.variance for e in effects])
    mean = weights @ values
    between = weights @ values**2 - mean**2
    return mean, weights**2 @ variances + np.maximum(between, 0.0)


def _weights(dimension: str, levels: tuple[str, ...], code: np.ndarray) -> FloatArray:
    """Certain where the code is known; the country's make-up (table 7) where it is -1."""
    return np.asarray(np.vstack([np.eye(len(levels)), level_shares(dimension, levels)])[code])


def _centrality(m: MunicipalityTable) -> FloatArray:
    return _weights("centrality", CENTRALITY, m.centrality - 1)


def _landsdel(m: MunicipalityTable) -> FloatArray:
    code = np.array([LANDSDELER.index(w) if w in LANDSDELER else -1 for w in m.landsdel])
    return _weights("landsdel", LANDSDELER, code.astype(np.int64))


def _size(m: MunicipalityTable) -> FloatArray:
    code = np.where(m.population < 0, -1, np.searchsorted(SIZE_BOUNDS, m.population, side="right"))
    return _weights("population", SIZES, code)


def _continuity(m: MunicipalityTable) -> FloatArray:
    return _weights("continuity", CONTINUITY, m.continuous)
