"""Outcomes of a plan for each person of the queue, with the person's groups."""

import numpy as np
import pandas as pd

from matcher.domain.tables.array_types import FloatArray, IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable, distance_km
from matcher.domain.tables.vocabulary import GROUNDS, HOUSEHOLD_TYPES, ORIGINS, SEXES
from matcher.problem.problem import Problem
from matcher.problem.program import UNPLACED, Choice
from matcher.stay.model import predict_plan
from matcher.stay.persons import AGE_BOUNDS, AGE_GROUPS

REMOTE = 5
"""The two least central classes are this class and the next."""
UNKNOWN = "unknown"


def build_person_outcomes(problem: Problem, choice: Choice) -> pd.DataFrame:
    """Describe every person of the queue under a plan.

    Parameters
    ----------
    problem : Problem
    choice : int array, shape (units,)
        The plan.

    Returns
    -------
    pandas.DataFrame
        Columns ``unit`` (row of the placing unit); ``sex``, ``age``, ``household_type``,
        ``origin``, ``ground``: levels of table 4, or ``unknown``; ``placed``; and for the placed
        ``stay`` (mean probability of the unit), ``waited`` (days from settlement-ready until
        moving in), ``kilometres`` (from where the unit lives now, missing when not known) and
        ``remote`` (1 in centrality class 5-6, 0 elsewhere, missing when not known).
    """
    members, of_unit = problem.households.members, pd.DataFrame(_of_units(problem, choice))
    facts = {
        "unit": members.unit,
        "sex": _level_names(members.sex, tuple(map(str, SEXES))),
        "age": _level_names(_age_code(members.age), AGE_GROUPS),
        "household_type": _level_names(members.type, tuple(map(str, HOUSEHOLD_TYPES))),
        "origin": _level_names(members.origin, ORIGINS),
        "ground": _level_names(members.ground, tuple(map(str, GROUNDS))),
    }
    member_outcomes = of_unit.iloc[members.unit].reset_index(drop=True)
    return pd.concat([pd.DataFrame(facts), member_outcomes], axis=1)


def _of_units(problem: Problem, choice: Choice) -> dict[str, np.ndarray]:
    h, m = problem.households, problem.municipalities
    placed = choice != UNPLACED
    days = problem.calendar(choice).days + h.days_waited
    centrality = m.centrality[choice]
    remote = np.where(centrality > 0, centrality >= REMOTE, np.nan)
    return {
        "placed": placed,
        "stay": predict_plan(problem.stay_model, h, m, choice).probability,
        "waited": np.where(placed, days, np.nan),
        "kilometres": np.where(placed, _kilometres(h, m, choice), np.nan),
        "remote": np.where(placed, remote, np.nan),
    }


def _kilometres(h: HouseholdTable, m: MunicipalityTable, choice: Choice) -> FloatArray:
    """Distance from where each unit lives today, in a straight line between seats; nan: unknown."""
    coordinates = (m.latitude, m.longitude)
    between = distance_km(*coordinates, *coordinates)
    return np.where(h.lives_in >= 0, between[h.lives_in, choice], np.nan)


def _level_names(code: IntArray, levels: tuple[str, ...]) -> np.ndarray:
    return np.array([*levels, UNKNOWN], dtype=object)[code]


def _age_code(age: IntArray) -> IntArray:
    return np.where(age < 0, -1, np.searchsorted(AGE_BOUNDS, age, side="right"))
