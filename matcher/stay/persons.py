"""Effects of the person and the household, table 4: the same in every municipality."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from matcher.domain.household import HouseholdType
from matcher.domain.tables.array_types import BoolArray, FloatArray, IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.vocabulary import GROUNDS, HOUSEHOLD_TYPES, ORIGINS, SEXES
from matcher.stay.coefficients import Coefficients, settled_shares_2010_2023
from matcher.stay.raking import outer_sum

AGE_BOUNDS = (18, 30, 40, 50, 60)
AGE_GROUPS = ("under 18", "18-29", "30-39", "40-49", "50-59", "60+")
SEX_AGE_LEVELS = {
    "under 18": "woman under 18",
    "30-39": "woman 30-39",
    "40-49": "woman 40-49",
    "50-59": "woman 50-59",
    "60+": "woman 60+",
}
PERSON_LEVELS: Mapping[str, tuple[str, ...]] = {
    "sex": tuple(map(str, SEXES)),
    "age": AGE_GROUPS,
    "household_type": tuple(map(str, HOUSEHOLD_TYPES)),
    "origin": ORIGINS,
    "immigration_ground": tuple(map(str, GROUNDS)),
}
"""Variables of a person in the order of the axes of :func:`kind_effects`."""
PERSON_SHAPE = tuple(len(levels) for levels in PERSON_LEVELS.values())


@dataclass(frozen=True, slots=True)
class PersonDesign:
    """Which coefficients apply, and how strongly: shape (rows, columns).

    Parameters
    ----------
    weights : float array, shape (rows, columns)
        1 for the level that applies; shares of the known composition where the level is unknown.
    values, variances : float array, shape (columns,)
        The coefficients and their variances.
    unknown_sd : float array, shape (rows,)
        Standard deviation of a row's effects over its unknown facts, 0 where all facts are known.
    """

    weights: FloatArray
    values: FloatArray
    variances: FloatArray
    unknown_sd: FloatArray


def build_person_design(h: HouseholdTable, coefficients: Coefficients) -> PersonDesign:
    """Build the design of every member, rows in the order of ``h.members``.

    A member whose sex, age, origin, ground or household type is unknown counts as an average over
    the known composition of the persons settled 2010-2023 (table 5).
    """
    effects = _person_effects(coefficients)
    codes = (h.members.sex, age_group_codes(h.members.age), h.members.type, h.members.origin)
    columns = {
        variable: _level_shares(variable)[code]
        for variable, code in zip(PERSON_LEVELS, (*codes, h.members.ground), strict=True)
    }
    sex, age = columns["sex"], columns["age"]
    crossed = sex[:, 1:2] * age[:, [AGE_GROUPS.index(a) for a in SEX_AGE_LEVELS]]
    # Sex and age interact, so the variance over unknown facts is taken over both together.
    both = sex[:, :, None] * age[:, None, :]
    columns["sex*age"] = both.reshape(len(sex), sex.shape[1] * age.shape[1])
    variance = sum(_unknown_variance(columns[k], v) for k, v in effects.by_variable.items())
    weights = np.hstack([*(columns[variable] for variable in PERSON_LEVELS), crossed])
    return PersonDesign(weights, effects.values, effects.variances, np.sqrt(variance))


@dataclass(frozen=True, slots=True)
class _PersonEffects:
    """The coefficients of persons as arrays.

    Parameters
    ----------
    values, variances : float array, shape (columns,)
        In the order of the columns of a design.
    by_variable : mapping of str to float array, shape (levels,)
        Values of the variables that vary independently; those of sex and age together.
    """

    values: FloatArray
    variances: FloatArray
    by_variable: Mapping[str, FloatArray]


@lru_cache(maxsize=8)
def _person_effects(coefficients: Coefficients) -> _PersonEffects:
    keyed = {**PERSON_LEVELS, "sex*age": tuple(SEX_AGE_LEVELS.values())}.items()
    by_variable = {"sex*age": sex_age_effects(coefficients).reshape(-1)} | {
        variable: coefficients.values(variable, PERSON_LEVELS[variable])
        for variable in ("household_type", "origin", "immigration_ground")
    }
    return _PersonEffects(
        np.hstack([coefficients.values(*item) for item in keyed]),
        np.hstack([coefficients.variances(*item) for item in keyed]),
        by_variable,
    )


def nothing_known(h: HouseholdTable) -> BoolArray:
    """Units of whose members the model knows no fact at all, shape (units,).

    That a person comes alone says no more than that the household has one member.
    """
    members, alone = h.members, PERSON_LEVELS["household_type"].index(HouseholdType.ALONE)
    facts = (members.sex, members.age, members.origin, members.ground)
    typed = (members.type >= 0) & (members.type != alone)
    return h.members.all_of(~(np.any([fact >= 0 for fact in facts], axis=0) | typed))


def sum_by_row(rows: FloatArray, values: FloatArray) -> FloatArray:
    """Sum each row times the values, shape (rows,)."""
    # A matrix product rounds a row alone differently from the same row among many.
    return np.asarray((rows * values).sum(axis=1))


def sex_age_effects(coefficients: Coefficients) -> FloatArray:
    """Effect of each sex at each age group, interaction included, shape (2, 6)."""
    alone = [coefficients.values(variable, PERSON_LEVELS[variable]) for variable in ("sex", "age")]
    out = outer_sum(alone)
    for age, level in SEX_AGE_LEVELS.items():
        out[1, AGE_GROUPS.index(age)] += coefficients.coefficient("sex*age", level).value
    return out


def person_type_effects(coefficients: Coefficients) -> FloatArray:
    """Effect of each kind of person on the probability of moving, shape (2, 6, 5, 9, 3)."""
    other_effects = [
        coefficients.values(variable, PERSON_LEVELS[variable])
        for variable in ("household_type", "origin", "immigration_ground")
    ]
    return np.asarray(np.add.outer(sex_age_effects(coefficients), outer_sum(other_effects)))


def _unknown_variance(weights: FloatArray, values: FloatArray) -> FloatArray:
    """Variance of an effect over the possible levels, shape (rows,)."""
    variance = sum_by_row(weights, values**2) - sum_by_row(weights, values) ** 2
    return np.asarray(np.maximum(variance, 0.0))


def age_group_codes(age: IntArray) -> IntArray:
    """Code of the age group of ages in whole years, -1 where the age is unknown."""
    return np.where(age < 0, -1, np.searchsorted(AGE_BOUNDS, age, side="right"))


@cache
def _level_shares(variable: str) -> FloatArray:
    """Shares of the levels for each code: 1 of a known level, the average for the last code, -1."""
    levels = PERSON_LEVELS[variable]
    return np.vstack([np.eye(len(levels)), _average(variable, levels)[None, :]])


def _average(variable: str, levels: tuple[str, ...]) -> FloatArray:
    share = settled_shares_2010_2023(variable)
    return np.array([share[str(level)] for level in levels])
