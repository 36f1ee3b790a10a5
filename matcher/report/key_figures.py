"""Key figures of a plan."""

from dataclasses import dataclass

import pandas as pd

from matcher.problem.program import UNPLACED


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
    stayers, stayers_low, stayers_high : float
        Expected stayers among the placed persons. The interval is the sum of the intervals of
        the households, as their errors come from the same coefficients.
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
    stayers_low: float
    stayers_high: float
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
    return KeyFigures(
        households=len(rows),
        persons=int(rows.persons.sum()),
        placed_households=len(placed),
        placed_persons=int(placed.persons.sum()),
        waited=DayStatistics.of(rows.waited),
        to_move=DayStatistics.of(placed.days),
        stayers=stay,
        stayers_low=low,
        stayers_high=high,
        outside=int(placed.persons[placed.outside].sum()),
    )
