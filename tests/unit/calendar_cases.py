"""Households, homes and plans by weeks of one municipality, for the days of its calendar."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from matcher.domain import (
    Answer,
    Dwelling,
    Household,
    Instance,
    Ledger,
    Municipality,
    Person,
    PlannedWeek,
)
from matcher.domain.tables import build_tables
from matcher.domain.tables.calendar import MoveInCalendar

Links = tuple[tuple[str, str], ...]
TODAY = date(2024, 4, 3)
MONDAY = date(2024, 4, 1)
WITHIN = 60
"""Homes free later than this many days from today are not used."""


def in_days(days: int) -> date:
    """A day so many days from today."""
    return TODAY + timedelta(days=days)


def home(name: str, beds: int, days: int = 0, step_free: bool = False) -> Dwelling:
    """A home that is free after some days."""
    return Dwelling(name, beds, Answer(int(step_free)), in_days(days))


def waiting(name: str, size: int, waited: int, move: int = 0, step_free: bool = False) -> Household:
    """A household of adults that has waited for some days."""
    members = tuple(
        Person(f"{name}-{k}", age=30, step_free=Answer(int(step_free and k == 0)))
        for k in range(size)
    )
    return Household(name, in_days(-waited), members, earliest_move=in_days(move))


def town(*homes: Dwelling, weeks: Sequence[tuple[int, int]] = (), **facts: object) -> Municipality:
    """A municipality that receives from today, with a complete list of homes."""
    plan = tuple(PlannedWeek(MONDAY + timedelta(weeks=w), persons) for w, persons in weeks)
    ledger = Ledger(decided=99, settled=0, promised=0)
    known = {"lead_days": 0, "reports_dwellings": Answer.YES, "ledger": ledger}
    return Municipality("0301", "Oslo", dwellings=homes, weeks=plan, **{**known, **facts})  # type: ignore[arg-type]


def calendar(
    queue: Sequence[Household],
    *places: Municipality,
    links: Links = (),
    choice: Sequence[int] | None = None,
) -> MoveInCalendar:
    """The calendar when all are placed in the first municipality, or as chosen."""
    tables = build_tables(Instance(TODAY, tuple(queue), places, links=links))
    rows = [0] * len(tables.households) if choice is None else choice
    chosen = np.array(rows, dtype=np.int64)
    return MoveInCalendar(tables.households, tables.municipalities, chosen, WITHIN)
