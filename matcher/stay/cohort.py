"""The refugees settled 2010-2016 by kind of person and kind of place, estimated by raking.

The report counts one fact at a time and publishes few combinations of facts. So this cohort is the
most even one that meets every published sum: persons by table 2 and two sentences of chapter 3.4,
places by tables 1 and 7. Persons and places are independent of each other, because the report
publishes nothing about both together.
"""

from functools import cache

import numpy as np

from matcher.domain.tables.array_types import FloatArray
from matcher.stay import municipalities as kinds
from matcher.stay import persons
from matcher.stay.coefficients import (
    Coefficients,
    settled_counts_2010_2023,
    settled_shares_2010_2016,
)
from matcher.stay.raking import MarginTarget, rake

WOMEN_IN_FAMILIES = 0.69
"""Share of women who live as parent of a child under 18 (chapter 3.4)."""
YOUNG_ALONE = 0.36
"""Share of persons aged 18-29 who live alone (chapter 3.4)."""
SETTLEMENT_YEARS = tuple(str(year) for year in range(2010, 2017))
PERSON_AXES, PLACE_AXES = list(persons.PERSON_LEVELS), list(kinds.PLACE_LEVELS)


@cache
def person_type_shares() -> FloatArray:
    """Share of the persons of each kind, shape (2, 6, 5, 9, 3), sums to 1."""
    sums = [
        MarginTarget.from_counts(persons.PERSON_SHAPE, (axis,), _table_2(variable))
        for axis, variable in enumerate(PERSON_AXES)
    ]
    sentences = [
        _household_type_target("sex", "woman", "parent of child under 18", WOMEN_IN_FAMILIES),
        _household_type_target("age", "18-29", "living alone", YOUNG_ALONE),
    ]
    return rake(np.ones(persons.PERSON_SHAPE), [*sums, *sentences])


@cache
def settled_place_shares() -> FloatArray:
    """Share of the persons who were settled in each kind of place, shape (4, 2, 6, 6, 5).

    The fitted municipalities of each kind (table 7) are weighted until the persons settled
    2010-2023 by centrality, size and landsdel agree with table 1.
    """
    sums = [
        MarginTarget.from_counts(kinds.PLACE_SHAPE, (axis,), _table_1(dimension))
        for axis, dimension in enumerate(PLACE_AXES)
        if dimension in ("centrality", "population", "landsdel")
    ]
    return rake(kinds.municipality_type_shares(), sums)


def mean_settlement_year_effect(coefficients: Coefficients) -> float:
    """Mean effect of the settlement years 2010-2016 against 2016, all years weighted equally."""
    return float(coefficients.values("settlement_year", SETTLEMENT_YEARS).mean())


def _table_2(variable: str) -> FloatArray:
    shares = settled_shares_2010_2016(variable)
    return np.array([shares[level] for level in persons.PERSON_LEVELS[variable]])


def _table_1(dimension: str) -> FloatArray:
    settled = settled_counts_2010_2023(dimension)
    return np.array([settled[level] for level in kinds.PLACE_LEVELS[dimension]])


def _household_type_target(variable: str, level: str, kind: str, share: float) -> MarginTarget:
    """Target for the share living in one household type, among persons at one level."""
    at_level = _is_level(variable, level)
    living = _is_level("household_type", kind)
    of_all = settled_shares_2010_2016(variable)[level]
    group = np.broadcast_to(np.where(at_level, 1 + living, 0), persons.PERSON_SHAPE)
    return MarginTarget(group, np.array([1 - of_all, (1 - share) * of_all, share * of_all]))


def _is_level(variable: str, level: str) -> FloatArray:
    axis = PERSON_AXES.index(variable)
    return np.asarray(
        np.indices(persons.PERSON_SHAPE)[axis] == persons.PERSON_LEVELS[variable].index(level)
    )
