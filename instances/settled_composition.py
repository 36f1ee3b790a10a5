"""The composition of the persons settled 2010-2023, as counted in Fafo 2025:14."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def settled_counts() -> Mapping[str, Mapping[str, int]]:
    """Return persons in Norway by level, for each dimension, in the report's order."""
    table: dict[str, dict[str, int]] = {}
    with (files("instances") / "data" / "composition_2010_2023.csv").open(encoding="utf-8") as f:
        for row in csv.DictReader(f):
            table.setdefault(row["dimension"], {})[row["level"]] = int(row["Norway"])
    return MappingProxyType({d: MappingProxyType(levels) for d, levels in table.items()})


def age_group(age: int) -> str:
    """Return the report's age group for an age in whole years."""
    bounds = ((18, "under 18"), (30, "18-29"), (40, "30-39"), (50, "40-49"), (60, "50-59"))
    return next((name for bound, name in bounds if age < bound), "60+")
