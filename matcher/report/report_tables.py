"""Rows of the two tables of the report, with values as they are shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from matcher.policy.reason_texts import rule_title
from matcher.problem.problem import Problem
from matcher.problem.program import UNPLACED
from matcher.report.unplaced import PLACES_TAKEN
from matcher.report.wording import Wording
from matcher.texts import format_date

MAX_PAPER_ROWS = 46
"""Largest number of rows of both tables together on paper, so that they fit on one page."""
MAX_UNPLACED_ROWS = 20
MAX_SCREEN_ROWS = 500
"""Largest number of placements on screen; the file of the plan holds all of them."""
MAX_REASONS = 3
"""Largest number of reasons that are shown for a household."""


@dataclass(frozen=True, slots=True)
class UnplacedRow:
    """A household that is not placed, with its main reasons as short sentences."""

    household: str
    linked: str
    persons: int
    waited: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlacementRow:
    """A placement; the stay probability as text, with its interval where there is one."""

    household: str
    linked: str
    persons: int
    municipality: str
    county: str
    earliest: str
    waited: int
    stay: str


def unplaced_rows(
    rows: pd.DataFrame, reasons: pd.DataFrame, say: Wording
) -> tuple[UnplacedRow, ...]:
    """Build rows for the unplaced households that have waited longest, longest first."""
    first = _longest_first(rows[rows.municipality == UNPLACED]).head(MAX_UNPLACED_ROWS)
    reasons_by_unit = reasons[reasons.unit.isin(first.unit)].groupby("unit")
    texts = {unit: _reasons(group, say) for unit, group in reasons_by_unit}
    return tuple(
        UnplacedRow(r.household, r.linked, int(r.persons), int(r.waited), texts.get(r.unit, ()))
        for r in _each(first)
    )


def placement_rows(rows: pd.DataFrame, problem: Problem, say: Wording) -> tuple[PlacementRow, ...]:
    """Build rows for the placed households that have waited longest, longest first."""
    first = _longest_first(rows[rows.municipality != UNPLACED]).head(MAX_SCREEN_ROWS)
    return tuple(_placed(row, problem, say) for row in _each(first))


def unplaced_by_cause(rows: pd.DataFrame, reasons: pd.DataFrame) -> tuple[int, int]:
    """Count unplaced households whose possible places went to others, and those barred everywhere.

    Returns
    -------
    (int, int)
        Households that at least one municipality was open to, and the other unplaced ones.
    """
    unplaced = rows[rows.municipality == UNPLACED]
    places_taken = int(unplaced.unit.isin(reasons.unit[reasons.rule == PLACES_TAKEN]).sum())
    return places_taken, len(unplaced) - places_taken


def _each(rows: pd.DataFrame) -> Iterator[Any]:
    yield from rows.itertuples()


def _longest_first(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values("waited", ascending=False, kind="stable")


def _reasons(reasons: pd.DataFrame, say: Wording) -> tuple[str, ...]:
    return tuple(
        _reason(rule, int(count), say)
        for rule, count in zip(
            reasons.rule[:MAX_REASONS], reasons.municipalities[:MAX_REASONS], strict=True
        )
    )


def _reason(rule: str, count: int, say: Wording) -> str:
    if rule == PLACES_TAKEN:
        return say("unplaced.taken", count=say.number(count))
    return say("unplaced.reason", title=rule_title(rule, say.language), count=say.number(count))


def _placed(row: Any, problem: Problem, say: Wording) -> PlacementRow:
    m, j = problem.municipalities, int(row.municipality)
    day = problem.instance.today + timedelta(days=int(row.days))
    return PlacementRow(
        row.household,
        row.linked,
        int(row.persons),
        str(m.name[j]),
        str(m.county[j]),
        format_date(day, say.language),
        int(row.waited),
        _stay(row, say),
    )


def _stay(row: Any, say: Wording) -> str:
    text = say.percent(row.stay)
    if not np.isclose(row.low, row.high):
        bounds = {"low": say.number(100 * row.low), "high": say.number(100 * row.high)}
        text = say("placements.stay_range", stay=text, **bounds)
    return text + say("placements.outside") if row.outside else text
