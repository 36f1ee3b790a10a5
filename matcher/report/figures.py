"""The figures of a plan: a row for each household, key figures, and the use of decided places."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from matcher.domain.tables.array_types import FloatArray, IntArray
from matcher.domain.tables.vocabulary import LANDSDELER, LINK_SIGN, split_unit
from matcher.problem.problem import Problem
from matcher.problem.program import UNPLACED, Choice
from matcher.solve.result import Result
from matcher.solve.solver import predict_stay

COLUMN_TYPES = {"persons": np.int64, "waited": np.int64}


def household_rows(problem: Problem, result: Result) -> pd.DataFrame:
    """Build one row for each household of the queue, in the order of the queue.

    Returns
    -------
    pandas.DataFrame
        Columns ``household``; ``unit`` (row of its placing unit); ``linked`` (other households
        of the unit, joined by ``+``); ``persons``; ``waited`` (days, not below 0);
        ``municipality`` (row, -1 when not placed); for placed households ``days`` until the
        household can move in and the mean ``stay`` probability of the unit's members with its
        interval ``low`` and ``high``, missing for households that are not placed and where the
        model gives none; ``outside``,
        true where the stay model has no data about persons of this kind.
    """
    queue, today = problem.instance.households, problem.instance.today
    unit = np.array([problem.unit_row(h.id) for h in queue], dtype=np.int64)
    by_unit = _units(problem, result).iloc[unit].reset_index(drop=True)
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
    return LINK_SIGN.join(part for part in split_unit(unit) if part != household)


def _units(problem: Problem, result: Result) -> pd.DataFrame:
    choice = choice_or_unplaced(problem, result)
    placed = choice != UNPLACED
    units = pd.DataFrame({"municipality": choice})
    units["days"] = _days_until_moving(problem, choice)
    stay = result.stay if result.choice is not None else None
    if stay is None:
        stay = predict_stay(problem, choice)
    units["stay"], units["low"], units["high"] = stay.probability, stay.low, stay.high
    units["outside"] = stay.outside_range & placed
    return units


def _days_until_moving(problem: Problem, choice: Choice) -> FloatArray:
    """Return days from today until each unit can move in, not-a-number for unplaced units."""
    return np.where(choice == UNPLACED, np.nan, problem.calendar(choice).days)


@dataclass(frozen=True, slots=True)
class DayStatistics:
    """Median and mean of days over households."""

    median: float
    mean: float

    @classmethod
    def of(cls, days: pd.Series) -> "DayStatistics | None":
        """Compute median and mean of days; None when there are no days."""
        if days.empty:
            return None
        return cls(float(days.median()), float(days.mean()))


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Counts, waiting times and expected stayers of a plan.

    Parameters
    ----------
    households, persons, placed_households, placed_persons : int
        Counts for the whole queue, and for the placed households.
    waited : DayStatistics or None
        Days waited so far, over all households of the queue.
    to_move : DayStatistics or None
        Days from today until the placed households can move in.
    stayers : float
        Expected stayers among the placed persons of whom anything is known.
    stayers_low, stayers_high : float or None
        The sum of the intervals of the households, as their errors come from the same
        coefficients; None when a household has a probability without an interval.
    unknown : int
        Placed persons without a probability, as nothing is known of them.
    outside : int
        Placed persons whose probability is outside the range of data of the stay model.
    """

    households: int
    persons: int
    placed_households: int
    placed_persons: int
    waited: DayStatistics | None
    to_move: DayStatistics | None
    stayers: float
    stayers_low: float | None
    stayers_high: float | None
    unknown: int
    outside: int

    @property
    def unplaced_households(self) -> int:
        """Number of households without a placement."""
        return self.households - self.placed_households

    @property
    def unplaced_persons(self) -> int:
        """Number of persons without a placement."""
        return self.persons - self.placed_persons


def key_figures(rows: pd.DataFrame) -> KeyFigures:
    """Compute the key figures from the rows of :func:`household_rows`."""
    placed = rows[rows.municipality != UNPLACED]
    stay, low, high = (float((placed.persons * placed[c]).sum()) for c in ("stay", "low", "high"))
    with_interval = bool((placed.stay.isna() | placed.low.notna()).all())
    return KeyFigures(
        households=len(rows),
        persons=int(rows.persons.sum()),
        placed_households=len(placed),
        placed_persons=int(placed.persons.sum()),
        waited=DayStatistics.of(rows.waited),
        to_move=DayStatistics.of(placed.days),
        stayers=stay,
        stayers_low=low if with_interval else None,
        stayers_high=high if with_interval else None,
        unknown=int(placed.persons[placed.stay.isna()].sum()),
        outside=int(placed.persons[placed.outside].sum()),
    )


@dataclass(frozen=True, slots=True)
class CapacityUse:
    """Places of a group of municipalities, in persons.

    Parameters
    ----------
    group : str
        Landsdel or centrality class; empty when not known.
    decided, used, placed, open : int
        Decided for the year; settled or promised before tonight; placed tonight; still open
        in municipalities that have not used all their decided places.
    """

    group: str
    decided: int
    used: int
    placed: int
    open: int

    @property
    def whole(self) -> int:
        """Length of the bar: used, placed and open; above ``decided`` where more are used."""
        return self.used + self.placed + self.open


def capacity_use_by_landsdel(problem: Problem, persons: IntArray) -> tuple[CapacityUse, ...]:
    """Compute the use of places by landsdel, ordered from the north.

    Parameters
    ----------
    problem : Problem
    persons : int array, shape (municipalities,)
        Persons placed tonight.
    """
    group_names = [str(name) for name in problem.municipalities.landsdel]
    known = [name for name in LANDSDELER if name in group_names]
    return _fill(problem, persons, group_names, [*known, *sorted(set(group_names) - set(known))])


def capacity_use_by_centrality(problem: Problem, persons: IntArray) -> tuple[CapacityUse, ...]:
    """Compute the use of places by centrality class, most central first and unknown last."""
    group_names = [str(c) if c > 0 else "" for c in problem.municipalities.centrality]
    return _fill(
        problem, persons, group_names, sorted(set(group_names), key=lambda c: (c == "", c))
    )


def _fill(
    problem: Problem, persons: IntArray, group_names: Sequence[str], order: Sequence[str]
) -> tuple[CapacityUse, ...]:
    m = problem.municipalities
    used = m.settled + m.promised
    open_places = np.maximum(m.decided - used - persons, 0)
    group = np.array([order.index(name) for name in group_names], dtype=np.int64)
    sums = np.zeros((len(order), 4), dtype=np.int64)
    np.add.at(sums, group, np.stack([m.decided, used, persons, open_places], axis=1))
    return tuple(CapacityUse(name, *row) for name, row in zip(order, sums.tolist(), strict=True))
