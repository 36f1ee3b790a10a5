"""Rows of the tables of the report, and the rules that bar unplaced households."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from matcher.domain.ledger import LedgerGap
from matcher.domain.tables.array_types import BoolArray, IntArray, StrArray
from matcher.policy.reason_texts import rule_title
from matcher.policy.rules.places_this_year import PlacesThisYearBudget
from matcher.problem.problem import Problem
from matcher.problem.program import UNPLACED
from matcher.report.figures import choice_or_unplaced
from matcher.report.wording import Wording
from matcher.solve.result import Result
from matcher.texts import format_date

PLACES_TAKEN = "taken"
"""Value of the column ``rule`` for places that went to other households."""


def unplaced_reasons(problem: Problem, result: Result) -> pd.DataFrame:
    """Count, for each unplaced unit, the municipalities that each rule bars.

    Parameters
    ----------
    problem : Problem
    result : Result
        Without a plan, every unit counts as unplaced.

    Returns
    -------
    pandas.DataFrame
        Columns ``unit`` (row in the tables), ``id``, ``rule``, ``municipalities``, and how many of
        them by places of next year, ``next_year``. One row
        for each rule that bars the unit from a municipality, most municipalities first. When
        municipalities were open to the unit and their places went to other units, a row with
        rule ``"taken"`` that counts them comes first. Units come in the order of the queue.
    """
    rows = np.flatnonzero(choice_or_unplaced(problem, result) == UNPLACED)
    pairs = {PLACES_TAKEN: problem.program.feasible_pairs[rows], **_barred(problem, rows)}
    late = problem.municipalities.next_year | problem.moving_next_year[rows][:, None]
    dated = {PLACES_TAKEN, *_rules_by_year(problem)}
    long = _melt({rule: mask.sum(axis=1) for rule, mask in pairs.items()}, rows, "municipalities")
    next_year = {r: (mask & late & (r in dated)).sum(axis=1) for r, mask in pairs.items()}
    long["next_year"] = _melt(next_year, rows, "next_year").next_year
    long = long[long.municipalities > 0].assign(is_rule=lambda d: d.rule != PLACES_TAKEN)
    order = ["unit", "is_rule", "municipalities", "rule"]
    long = long.sort_values(order, ascending=[True, True, False, True], ignore_index=True)
    long["id"] = problem.households.id[long.unit.to_numpy(dtype=np.int64)].astype(object)
    return long[["unit", "id", "rule", "municipalities", "next_year"]]


def _melt(counts: dict[str, IntArray], rows: IntArray, name: str) -> pd.DataFrame:
    wide = pd.DataFrame(counts, index=pd.Index(rows, name="unit"))
    return wide.reset_index().melt("unit", var_name="rule", value_name=name)


def _rules_by_year(problem: Problem) -> set[str]:
    """Return the rules whose places are those of the year in which one moves in."""
    budgets = problem.selection.budgets
    return {budget.id for budget in budgets if isinstance(budget, PlacesThisYearBudget)}


def _barred(problem: Problem, rows: IntArray) -> dict[str, BoolArray]:
    """Return which municipalities each rule bars, by rule; (units, municipalities) each."""
    h, m = problem.households.take(rows), problem.municipalities
    allowed = {rule.id: rule.allowed(h, m) for rule in problem.selection.pair_rules}
    allowed |= {budget.id: budget.fits(h, m) for budget in problem.selection.budgets}
    return {r: ~np.broadcast_to(mask, (len(h), len(m))) for r, mask in allowed.items()}


MAX_LEFT_OUT = 12
"""Municipalities without a complete ledger that the page names."""
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
    rows: pd.DataFrame, reasons: pd.DataFrame, problem: Problem, wording: Wording
) -> tuple[UnplacedRow, ...]:
    """Build rows for the unplaced households that have waited longest, longest first."""
    first = _longest_first(rows[rows.municipality == UNPLACED]).head(MAX_UNPLACED_ROWS)
    year = problem.municipalities.year + 1
    reasons_by_unit = reasons[reasons.unit.isin(first.unit)].groupby("unit")
    texts = {unit: _reasons(group, year, wording) for unit, group in reasons_by_unit}
    return tuple(
        UnplacedRow(r.household, r.linked, int(r.persons), int(r.waited), texts.get(r.unit, ()))
        for r in _each(first)
    )


def placement_rows(
    rows: pd.DataFrame, problem: Problem, wording: Wording
) -> tuple[PlacementRow, ...]:
    """Build rows for the placed households that have waited longest, longest first."""
    first = _longest_first(rows[rows.municipality != UNPLACED]).head(MAX_SCREEN_ROWS)
    return tuple(_placed(row, problem, wording) for row in _each(first))


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


def _reasons(reasons: pd.DataFrame, year: int, wording: Wording) -> tuple[str, ...]:
    return tuple(
        unplaced_reason(r.rule, int(r.municipalities), int(r.next_year), year, wording)
        for r in _each(reasons.head(MAX_REASONS))
    )


def unplaced_reason(rule: str, count: int, next_year: int, year: int, wording: Wording) -> str:
    """Write why a household is unplaced: the rule, how often, and how often by next year's places.

    Parameters
    ----------
    rule : str
        Or ``PLACES_TAKEN``.
    count, next_year : int
        Municipalities, and those of them whose places of next year it is about.
    year : int
        Next year.
    wording : Wording
    """
    number = wording.number(count)
    if next_year:
        of_next = wording.number(next_year)
        number = wording("unplaced.of_next", count=number, next=of_next, year=str(year))
    if rule == PLACES_TAKEN:
        return wording("unplaced.taken", count=number)
    return wording("unplaced.reason", title=rule_title(rule, wording.language), count=number)


def _placed(row: Any, problem: Problem, wording: Wording) -> PlacementRow:
    m, j = problem.municipalities, int(row.municipality)
    day = problem.instance.today + timedelta(days=int(row.days))
    return PlacementRow(
        row.household,
        row.linked,
        int(row.persons),
        str(m.name[j]),
        str(m.county[j]),
        format_date(day, wording.language),
        int(row.waited),
        _stay(row, wording),
    )


def _stay(row: Any, wording: Wording) -> str:
    if np.isnan(row.stay):
        return wording("placements.stay_unknown")
    text = wording.percent(row.stay)
    if not np.isnan(row.low):
        bounds = {"low": wording.number(100 * row.low), "high": wording.number(100 * row.high)}
        text = wording("placements.stay_range", stay=text, **bounds)
    return text + wording("placements.outside") if row.outside else text


def left_out_sentence(problem: Problem, wording: Wording) -> str:
    """Say which municipalities count nowhere, as a number of their ledger is missing."""
    m = problem.municipalities
    sentences = [
        _left_out(m.name[(m.gap > LedgerGap.NOT_ASKED) & (m.next_year == is_next)], year, wording)
        for is_next, year in ((False, m.year), (True, m.year + 1))
    ]
    return " ".join(filter(None, sentences))


def _left_out(places: StrArray, year: int, wording: Wording) -> str:
    """Say which municipalities count nowhere by their ledger of a year; empty for none."""
    if not len(places):
        return ""
    count = wording.count("municipality", len(places))
    names = ", ".join(places[:MAX_LEFT_OUT].tolist()) + (" …" if len(places) > MAX_LEFT_OUT else "")
    return wording("fill.left_out", count=count, year=str(year), places=names)
