"""How many persons each municipality has settled a month, by what IMDi has published."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

MONTHS_OF_YEAR = {"settled_2022": 12.0, "settled_2023": 12.0, "settled_2024": 10.4}
"""Months that the figures of each year count; those of 2024 end on 13 November."""


@cache
def published_pace() -> Mapping[str, float]:
    """Return persons settled a month in 2022-2024 by municipality number, where it is known."""
    text = files(__package__).joinpath("settled_2022_2024.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    paces = {row["number"]: _monthly_average(row) for row in csv.DictReader(lines)}
    return {number: pace for number, pace in paces.items() if pace is not None}


def _monthly_average(row: Mapping[str, str]) -> float | None:
    known = {name: int(row[name]) for name in MONTHS_OF_YEAR if row[name]}
    months = sum(MONTHS_OF_YEAR[name] for name in known)
    return sum(known.values()) / months if months else None
