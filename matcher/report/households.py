"""One row for each household of the queue: what the plan means for it."""

import numpy as np
import pandas as pd

from matcher.problem import Problem
from matcher.program import UNPLACED, Choice
from matcher.ranking_columns import stay_model
from matcher.solve import Result
from matcher.tables import FloatArray, IntArray, earliest_days

NUMBERS = {"persons": np.int64, "waited": np.int64}
BLOCK = 1000
"""Units predicted at a time, so that a year's queue needs little memory."""


def household_rows(problem: Problem, result: Result) -> pd.DataFrame:
    """Describe each household of the queue under the plan, in the order of the queue.

    Returns
    -------
    pandas.DataFrame
        Columns ``household``; ``unit`` (row of its placing unit); ``linked`` (others in the
        unit, joined by ``+``); ``persons``; ``waited`` (days, not below 0); ``municipality``
        (row, -1 when not placed); and for the placed ``days`` until it can move in and the mean
        ``stay`` probability of the unit's members with ``low`` and ``high``, missing for the
        others; ``outside`` where the stay model has seen no one like them.
    """
    queue, today = problem.instance.households, problem.instance.today
    unit = np.array([problem.unit(h.id) for h in queue], dtype=np.int64)
    by_unit = _units(problem, choice_of(problem, result)).iloc[unit].reset_index(drop=True)
    together = problem.households.id[unit]
    own = {
        "household": [h.id for h in queue],
        "unit": unit,
        "linked": [_others(str(ids), h.id) for ids, h in zip(together, queue, strict=True)],
        "persons": [h.size for h in queue],
        "waited": [max(0, (today - h.ready_since).days) for h in queue],
    }
    return pd.concat([pd.DataFrame(own).astype(NUMBERS), by_unit], axis=1)


def choice_of(problem: Problem, result: Result) -> Choice:
    """Row of the municipality of each unit; without a plan no one is placed."""
    if result.choice is None:
        return np.full(len(problem.households), UNPLACED, dtype=np.int64)
    return result.choice


def _others(unit: str, household: str) -> str:
    return "+".join(part for part in unit.split("+") if part != household)


def _units(problem: Problem, choice: Choice) -> pd.DataFrame:
    placed = np.flatnonzero(choice != UNPLACED)
    out = pd.DataFrame({"municipality": choice, "outside": np.zeros(len(choice), dtype=np.bool_)})
    out[["days", "stay", "low", "high"]] = np.nan
    blocks = [placed[start : start + BLOCK] for start in range(0, len(placed), BLOCK)]
    for rows in blocks:
        out.loc[rows, ["days", "stay", "low", "high"]] = _pairs(problem, rows, choice[rows])
        out.loc[rows, "outside"] = _outside(problem, rows)
    return out


def _outside(problem: Problem, rows: IntArray) -> np.ndarray:
    members = problem.households.take(rows).members
    return members.any_of(members.collective_protection == 1)


def _pairs(problem: Problem, rows: IntArray, where: IntArray) -> FloatArray:
    """Days, stay probability and its interval of placed units, shape (units, 4)."""
    h, m = problem.households.take(rows), problem.municipalities
    predicted = stay_model(problem).predict(h, m)
    pair = np.arange(len(rows)), where
    columns = [predicted.probability[pair], predicted.low[pair], predicted.high[pair]]
    if h.own_probability is not None:
        own = h.own_probability[pair]
        columns = [np.where(np.isnan(own), column, own) for column in columns]
    return np.stack([earliest_days(h, m)[pair].astype(np.float64), *columns], axis=1)
