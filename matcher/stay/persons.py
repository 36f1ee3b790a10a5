"""Effects of the person and the household, table 4: the same in every municipality."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matcher.stay.coefficients import Coefficients
from matcher.stay.raking import outer_sum
from matcher.stay.tables import composition
from matcher.tables import FloatArray, HouseholdTable, IntArray
from matcher.tables.vocabulary import GROUNDS, ORIGINS, SEXES, TYPES

AGE_BOUNDS = (18, 30, 40, 50, 60)
AGES = ("under 18", "18-29", "30-39", "40-49", "50-59", "60+")
INTERACTION = {
    "under 18": "woman under 18",
    "30-39": "woman 30-39",
    "40-49": "woman 40-49",
    "50-59": "woman 50-59",
    "60+": "woman 60+",
}
LEVELS: Mapping[str, tuple[str, ...]] = {
    "sex": tuple(map(str, SEXES)),
    "age": AGES,
    "household_type": tuple(map(str, TYPES)),
    "origin": ORIGINS,
    "immigration_ground": tuple(map(str, GROUNDS)),
}
"""Variables of a person in the order of the axes of :func:`kind_effects`."""
SHAPE = tuple(len(levels) for levels in LEVELS.values())


@dataclass(frozen=True, slots=True)
class Design:
    """Which coefficients apply, and how strongly: shape (rows, columns).

    Parameters
    ----------
    weights : float array, shape (rows, columns)
        1 for the level that applies; shares of the known composition where the level is unknown.
    values, variances : float array, shape (columns,)
        The coefficients and their variances.
    unknown : float array, shape (rows,)
        Standard deviation of a row's effects over its unknown facts, 0 where all facts are known.
    """

    weights: FloatArray
    values: FloatArray
    variances: FloatArray
    unknown: FloatArray


def person_design(h: HouseholdTable, coefficients: Coefficients) -> Design:
    """Build the design of every member, rows in the order of ``h.members``.

    A member whose sex, age, origin, ground or household type is unknown counts as an average over
    the known composition of the persons settled 2010-2023 (table 5).
    """
    codes = (h.members.sex, age_code(h.members.age), h.members.type, h.members.origin)
    columns = {
        variable: _shares(variable, levels, code)
        for (variable, levels), code in zip(LEVELS.items(), (*codes, h.members.ground), strict=True)
    }
    sex, age = columns["sex"], columns["age"]
    crossed = sex[:, 1:2] * age[:, [AGES.index(a) for a in INTERACTION]]
    keyed = {**LEVELS, "sex*age": tuple(INTERACTION.values())}.items()
    values = np.hstack([coefficients.values(*item) for item in keyed])
    variances = np.hstack([coefficients.variances(*item) for item in keyed])
    # Sex and age interact, so the variance over unknown facts is taken over both together.
    sex_and_age = (sex[:, :, None] * age[:, None, :]).reshape(len(sex), sex.shape[1] * age.shape[1])
    parts = [(sex_and_age, by_sex_and_age(coefficients).reshape(-1))] + [
        (columns[variable], coefficients.values(variable, LEVELS[variable]))
        for variable in ("household_type", "origin", "immigration_ground")
    ]
    weights = np.hstack([*columns.values(), crossed])
    return Design(
        weights, values, variances, np.sqrt(sum(_unknown_variance(w, v) for w, v in parts))
    )


def by_sex_and_age(coefficients: Coefficients) -> FloatArray:
    """Effect of each sex at each age group, interaction included, shape (2, 6)."""
    alone = [coefficients.values(variable, LEVELS[variable]) for variable in ("sex", "age")]
    out = outer_sum(alone)
    for age, level in INTERACTION.items():
        out[1, AGES.index(age)] += coefficients.effect("sex*age", level).value
    return out


def kind_effects(coefficients: Coefficients) -> FloatArray:
    """Effect of each kind of person on the probability of moving, shape (2, 6, 5, 9, 3)."""
    other_effects = [
        coefficients.values(variable, LEVELS[variable])
        for variable in ("household_type", "origin", "immigration_ground")
    ]
    return np.asarray(np.add.outer(by_sex_and_age(coefficients), outer_sum(other_effects)))


def _unknown_variance(weights: FloatArray, values: FloatArray) -> FloatArray:
    """Variance of an effect over the possible levels, shape (rows,)."""
    return np.asarray(np.maximum(weights @ values**2 - (weights @ values) ** 2, 0.0))


def age_code(age: IntArray) -> IntArray:
    """Code of the age group of ages in whole years, -1 where the age is unknown."""
    return np.where(age < 0, -1, np.searchsorted(AGE_BOUNDS, age, side="right"))


def _shares(variable: str, levels: tuple[str, ...], code: IntArray) -> FloatArray:
    known = np.vstack([np.eye(len(levels)), _average(variable, levels)[None, :]])
    return np.asarray(known[code])


def _average(variable: str, levels: tuple[str, ...]) -> FloatArray:
    share = composition(variable)
    return np.array([share[str(level)] for level in levels])
