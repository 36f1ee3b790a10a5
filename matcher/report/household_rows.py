"""One row for each household of the queue, with its result in the plan."""

import numpy as np
import pandas as pd

from matcher.domain.tables import FloatArray, IntArray, earliest_days
from matcher.problem.problem import Problem
from matcher.problem.program import UNPLACED, Choice
from matcher.solve import Result

COLUMN_TYPES = {"persons": np.int64, "waited": np.int64}
BLOCK_UNITS = 1000
"""Units that are predicted at a time, so that the queue of a year needs little memory."""


def household_rows(problem: Problem, result: Result) -> pd.DataFrame:
    """Build one row for each household of the queue, in the order of the queue.

    Returns
    -------
    pandas.DataFrame
        Columns ``household``; ``unit`` (row of its placing unit); ``linked`` (other households
        of the unit, joined by ``+``); ``persons``; ``waited`` (days, not below 0);
        ``municipality`` (row, -1 when not placed); for placed households ``days`` until the
        household can move in and the mean ``stay`` probability of the unit's members with its
        interval ``low`` and ``high``, missing for households that are not placed; ``outside``,
        true where the stay model has no data about persons of this kind.
    """
    queue, today = problem.instance.households, problem.instance.today
    unit = np.array([problem.unit_row(h.id) for h in queue], dtype=np.int64)
    by_unit = _units(problem, choice_or_unplaced(problem, result)).iloc[unit].reset_index(drop=True)
    unit_ids = problem.households.id[unit]
    columns = {
        "household": [h.id for h in queue],
        "unit": unit,
        "linked": [_linked_ids(str(ids), h.id) for ids, h in zip(unit_ids, queue, strict=True)],
        "persons": [h.size for h in queue],
        "waited": [max(0, (today - h.ready_since).days) for h in queue],
    }
    return pd.concat([pd.DataFrame(columns).astype(COLUMN_TYPES), by_unit], axis=1)


def choice_or_unplaced(problem: Problem, result: Result) -> Choice:
    """Return the row of each unit's municipality; without a plan every unit is unplaced."""
    if result.choice is None:
        return np.full(len(problem.households), UNPLACED, dtype=np.int64)
    return result.choice


def _linked_ids(unit: str, household: str) -> str:
    return "+".join(part for part in unit.split("+") if part != household)


def _units(problem: Problem, choice: Choice) -> pd.DataFrame:
    placed = np.flatnonzero(choice != UNPLACED)
    outside = np.zeros(len(choice), dtype=np.bool_)
    units = pd.DataFrame({"municipality": choice, "outside": outside})
    units[["days", "stay", "low", "high"]] = np.nan
    blocks = [placed[start : start + BLOCK_UNITS] for start in range(0, len(placed), BLOCK_UNITS)]
    for rows in blocks:
        units.loc[rows, ["days", "stay", "low", "high"]] = _pairs(problem, rows, choice[rows])
        units.loc[rows, "outside"] = _outside(problem, rows)
    return units


def _outside(problem: Problem, rows: IntArray) -> np.ndarray:
    members = problem.households.take(rows).members
    return members.any_of(members.collective_protection == 1)


def _pairs(problem: Problem, rows: IntArray, where: IntArray) -> FloatArray:
    """Return days, stay probability and its interval of placed units, shape (units, 4)."""
    h, m = problem.households.take(rows), problem.municipalities
    predicted = problem.stay_model.predict(h, m)
    pair = np.arange(len(rows)), where
    columns = [predicted.probability[pair], predicted.low[pair], predicted.high[pair]]
    if h.own_probability is not None:
        by_operator = h.own_probability[pair]
        columns = [np.where(np.isnan(by_operator), column, by_operator) for column in columns]
    return np.stack([earliest_days(h, m)[pair].astype(np.float64), *columns], axis=1)
