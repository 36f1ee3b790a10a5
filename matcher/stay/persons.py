"""Effects of the person and the household, table 4: the same in every municipality."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from matcher.stay.coefficients import Coefficients
from matcher.stay.tables import composition
from matcher.tables import FloatArray, HouseholdTable, IntArray
from matcher.tables.vocabulary import GROUNDS, ORIGINS, SEXES, TYPES

AGE_BOUNDS = (18, 30, 40, 50, 60)
AGES = ("under 18", "18-29", "30-39", "40-49", "50-59", "60+")
INTERACTION = {
    "under 18": "woman under 18", "30-39": "woman 30-39", "40-49": "woman 40-49",
    "50-59": "woman 50-59", "60+": "woman 60+",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Design:
    """Which coefficients apply, and how strongly: shape (rows, columns).

    Parameters
    ----------
    weights : float array, shape (rows, columns)
        1 for the level that applies; shares of the known composition where it is not known.
    values, variances : float array, shape (columns,)
        The coefficients and their variances.
    """

    weights: FloatArray
    values: FloatArray
    variances: FloatArray


def person_design(h: HouseholdTable, coefficients: Coefficients) -> Design:
    """Build the design of every member, rows in the order of ``h.members``.

    A member whose sex, age, origin, ground or household type is not known counts as an average
    over the composition of the persons that the model was estimated on (table 2).
    """
    sex = _shares("sex", tuple(SEXES), h.members.sex)
    age = _shares("age", AGES, _age_code(h.members.age))
    columns = {
        ("sex", SEXES): sex,
        ("age", AGES): age,
        ("household_type", TYPES): _shares("household_type", tuple(TYPES), h.members.type),
        ("origin", ORIGINS): _shares("origin", ORIGINS, h.members.origin),
        ("immigration_ground", GROUNDS): _shares(
            "immigration_ground", tuple(GROUNDS), h.members.ground
        ),
    }
    keys = [(variable, str(level)) for variable, levels in columns for level in levels]
    keys += [("sex*age", level) for level in INTERACTION.values()]
    woman = sex[:, 1:2]
    crossed = woman * age[:, [AGES.index(a) for a in INTERACTION]]
    effects = [coefficients.effect(*key) for key in keys]
    return Design(
        np.hstack([*columns.values(), crossed]),
        np.array([e.value for e in effects]),
        np.array([e.variance for e in effects]),
    )


def _age_code(age: IntArray) -> IntArray:
    return np.where(age < 0, -1, np.searchsorted(AGE_BOUNDS, age, side="right"))


def _shares(variable: str, levels: tuple[str, ...], code: IntArray) -> FloatArray:
    known = np.vstack([np.eye(len(levels)), _average(variable, levels)[None, :]])
    return np.asarray(known[code])


@cache
def _average_share(variable: str) -> Mapping[str, float]:
    return composition(variable)


def _average(variable: str, levels: tuple[str, ...]) -> FloatArray:
    share = _average_share(variable)
    return np.array([share[str(level)] for level in levels])
