"""Shared by the commands about years: the day on which they look at the ledgers."""

from datetime import date, datetime
from typing import Annotated

import typer

from matcher.cli.shared import UsageError

DayOption = Annotated[
    str | None, typer.Option("--day", metavar="DAY", help="Year-month-day; today unless given.")
]


def moment_of(day: str | None, now: datetime) -> datetime:
    """Return the present moment, or its time of day on a given day.

    Raises
    ------
    UsageError
        When the text is not a day.
    """
    if day is None:
        return now
    try:
        return datetime.combine(date.fromisoformat(day), now.time(), now.tzinfo)
    except ValueError as error:
        raise UsageError(f"--day is {day!r}; write year-month-day, such as 2026-12-15") from error
