"""The real municipalities as places of a register; facts that are not public are drawn once."""

from functools import cache

import numpy as np
import pandas as pd

from instances.municipalities import real_municipalities
from instances.random_stream import RandomStream
from matcher.domain.answer import Answer
from matcher.domain.municipality import Municipality
from matcher.domain.tables.array_types import FloatArray
from matcher.stay import municipalities as kinds
from matcher.stay.cohort import settled_place_shares

SEED = 2024
"""Fixed seed, so that quartiles and continuity are the same in every register."""


@cache
def register_places() -> pd.DataFrame:
    """Return the 357 municipalities with the facts of table 4, one row each.

    Columns ``municipality``, ``centrality``, ``population``, ``landsdel``,
    ``outmigration_quartile`` and ``continuity`` (both drawn from table 7), ``has_school``
    (upper secondary) and ``weight`` (share of the persons settled there, by table 1).
    """
    real = real_municipalities()
    cells = np.array([_combination_of(m) for m in real])
    combined = combine_quartile_and_continuity(kinds.municipality_type_shares())[tuple(cells.T)]
    drawn = _draw_columns(
        combined, uniform_numbers(RandomStream(SEED, "register/places"), len(real))
    )
    quartile, continuity = np.unravel_index(drawn, kinds.PLACE_SHAPE[:2])
    return pd.DataFrame(
        {
            "municipality": [m.number for m in real],
            "centrality": [m.centrality for m in real],
            "population": [m.population for m in real],
            "landsdel": [m.landsdel for m in real],
            "outmigration_quartile": np.array(kinds.PLACE_LEVELS["outmigration_quartile"])[
                quartile
            ],
            "continuity": np.array(kinds.CONTINUITY_LEVELS)[continuity],
            "has_school": [m.upper_secondary is Answer.YES for m in real],
            "weight": _weights(cells),
        }
    )


def combine_quartile_and_continuity(table: FloatArray) -> FloatArray:
    """Combine quartile and continuity to one axis at the end, shape (6, 6, 5, 8)."""
    return np.asarray(table.reshape(-1, *kinds.PLACE_SHAPE[2:]).transpose(1, 2, 3, 0))


def uniform_numbers(draws: RandomStream, count: int) -> FloatArray:
    """Draw numbers from 0 to 1, uniformly distributed, shape (count,)."""
    return np.asarray((draws.raw_integers(count) + 0.5) / 2**31)


def _combination_of(m: Municipality) -> tuple[int, int, int]:
    """Index of a municipality's centrality, size and landsdel."""
    assert m.centrality is not None
    assert m.population is not None
    size = int(np.searchsorted(kinds.SIZE_BOUNDS, m.population, side="right"))
    return m.centrality - 1, size, kinds.PLACE_LEVELS["landsdel"].index(m.landsdel)


def _weights(cells: np.ndarray) -> FloatArray:
    """Share of the persons in each municipality, equal within a combination."""
    persons = settled_place_shares().sum(axis=(0, 1))
    _, of, count = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
    weight = persons[tuple(cells.T)] / count[of]
    return np.asarray(weight / weight.sum())


def _draw_columns(chances: FloatArray, at: FloatArray) -> np.ndarray:
    """Draw a column for each row with the probabilities of the row."""
    steps = np.cumsum(chances, axis=1)
    steps /= steps[:, -1:]
    return np.asarray((at[:, None] > steps).sum(axis=1))
