"""Municipality numbers that ended with the reform of 1 January 2024, and their successors."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def new_numbers() -> Mapping[str, tuple[str, ...]]:
    """Return the number or numbers that replaced each number that ended."""
    text = files(__package__).joinpath("reform.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {row["old"]: tuple(row["new"].split(";")) for row in csv.DictReader(lines)}
