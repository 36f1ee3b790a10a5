"""The refugees settled 2010-2016, by kind of person and of place, as far as the report tells.

The report counts one fact at a time. How they go together is published only here and there, so
the cohort is the one that meets every published sum and is otherwise as even as can be: persons
by table 2 and two sentences of chapter 3.4, places by tables 1 and 7. Persons and places are
independent of each other, as nothing is published of both.
"""

from functools import cache

import numpy as np

from matcher.stay import kinds, persons
from matcher.stay.coefficients import Coefficients
from matcher.stay.raking import Sums, rake
from matcher.stay.tables import persons_settled, settled_2010_2016
from matcher.tables import FloatArray

WOMEN_IN_FAMILIES = 0.69
"""Women who live as parent of a child under 18 (chapter 3.4)."""
YOUNG_ALONE = 0.36
"""Those of 18-29 who live alone (chapter 3.4)."""
YEARS = tuple(str(year) for year in range(2010, 2017))
PERSON_AXES, PLACE_AXES = list(persons.LEVELS), list(kinds.LEVELS)


@cache
def person_kinds() -> FloatArray:
    """Share of the persons of each kind, shape (2, 6, 5, 9, 3), sums to 1."""
    sums = [
        Sums.of_axes(persons.SHAPE, (axis,), _table_2(variable))
        for axis, variable in enumerate(PERSON_AXES)
    ]
    told = [
        _said("sex", "woman", "parent of child under 18", WOMEN_IN_FAMILIES),
        _said("age", "18-29", "living alone", YOUNG_ALONE),
    ]
    return rake(np.ones(persons.SHAPE), [*sums, *told])


@cache
def place_kinds() -> FloatArray:
    """Share of the persons who were settled in each kind of place, shape (4, 2, 6, 6, 5).

    The municipalities of each kind (table 7, fitted) weighted until the persons settled 2010-2023
    by centrality, size and landsdel are those of table 1.
    """
    sums = [
        Sums.of_axes(kinds.SHAPE, (axis,), _table_1(dimension))
        for axis, dimension in enumerate(PLACE_AXES)
        if dimension in ("centrality", "population", "landsdel")
    ]
    return rake(kinds.fitted_kinds(), sums)


def mean_settlement_year(coefficients: Coefficients) -> float:
    """Mean effect of the settlement years 2010-2016 against 2016, each year alike."""
    return float(coefficients.values("settlement_year", YEARS).mean())


def _table_2(variable: str) -> FloatArray:
    shares = settled_2010_2016(variable)
    return np.array([shares[level] for level in persons.LEVELS[variable]])


def _table_1(dimension: str) -> FloatArray:
    settled = persons_settled(dimension)
    return np.array([settled[level] for level in kinds.LEVELS[dimension]])


def _said(variable: str, level: str, kind: str, share: float) -> Sums:
    """Of those at one level, the share who live in one type of household."""
    mine = _is(variable, level)
    living = _is("household_type", kind)
    of_all = settled_2010_2016(variable)[level]
    group = np.broadcast_to(np.where(mine, 1 + living, 0), persons.SHAPE)
    return Sums(group, np.array([1 - of_all, (1 - share) * of_all, share * of_all]))


def _is(variable: str, level: str) -> FloatArray:
    axis = PERSON_AXES.index(variable)
    return np.asarray(np.indices(persons.SHAPE)[axis] == persons.LEVELS[variable].index(level))
