"""A week of a municipality's plan: how many persons it can receive in it."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

ISO_WEEK = re.compile(r"([0-9]{4})-?W([0-9]{2})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PlannedWeek:
    """A week in which a municipality plans to receive refugees.

    Parameters
    ----------
    week : date
        Its Monday; weeks are numbered as in ISO 8601, as in Norwegian calendars.
    persons : int
        Persons that the municipality can receive in it, in addition to those it has promised.

    Raises
    ------
    ValueError
        When the day is not a Monday, or the number is below 0.
    """

    week: date
    persons: int

    def __post_init__(self) -> None:
        if self.week.weekday() != 0:
            raise ValueError(f"{self.week} is not a Monday; a week is given by its Monday")
        if self.persons < 0:
            raise ValueError(f"{self.persons} persons in {week_name(self.week)}; give 0 or more")


def week_name(monday: date) -> str:
    """Return the name of a week, such as ``2024-W27``."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}"


def monday_of(week: str) -> date:
    """Return the Monday of a week such as ``2024-W27``.

    Raises
    ------
    ValueError
        When the text is not the name of a week.
    """
    match = ISO_WEEK.fullmatch(week)
    if match is None:
        raise ValueError(f"{week!r} is no week; write it as 2024-W27")
    return date.fromisocalendar(int(match[1]), int(match[2]), 1)


def start_of_week(day: date) -> date:
    """Return the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())
