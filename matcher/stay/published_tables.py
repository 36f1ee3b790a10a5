"""The report's counts: who was settled (1, 2, 5), who moved (2), and where from (7)."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from matcher.domain.tables.vocabulary import ORIGINS

TABLE1 = "fafo_2025_14_table1.csv"
TABLE2 = "fafo_2025_14_table2.csv"
TABLE5 = "fafo_2025_14_table5.csv"
TABLE7 = "fafo_2025_14_table7.csv"
MUNICIPALITIES_2024 = "municipalities_2024.csv"
QUARTILE_COLUMNS = ("low", "medium_low", "medium_high", "high")


@cache
def settled_shares_2010_2023(variable: str) -> Mapping[str, float]:
    """Share of each level among persons settled 2010-2023 with a known level (table 5).

    Persons from Ukraine count as from another country, as in table 4. Table 5 counts Sudan and
    Ethiopia among the other countries; their shares in table 2 separate them.
    """
    counts = _counts(TABLE5, variable)
    if variable == "origin":
        counts = _of_table_4(counts)
    return _shares(counts)


@cache
def settled_shares_2010_2016(variable: str) -> Mapping[str, float]:
    """Share of each level among the persons of table 2 (settled 2010-2016, N = 53 484)."""
    return _shares(_counts(TABLE2, variable))


@cache
def moved_counts(variable: str, column: str) -> Mapping[str, float]:
    """A column of table 2 by level: the persons who moved, or all persons."""
    return _counts(TABLE2, variable, column)


@cache
def settled_counts_2010_2023(dimension: str) -> Mapping[str, float]:
    """Persons settled 2010-2023 by kind of municipality (table 1)."""
    return _counts(TABLE1, dimension, "refugees_settled_2010_2023")


@cache
def quartile_counts(dimension: str) -> Mapping[str, tuple[int, ...]]:
    """Municipalities of each kind in each out-migration quartile, low to high (table 7)."""
    return {
        r["level"]: tuple(int(r[c]) for c in QUARTILE_COLUMNS)
        for r in _rows(TABLE7)
        if r["dimension"] == dimension
    }


@cache
def municipality_counts() -> Mapping[tuple[str, str, str], int]:
    """Municipalities of 2024 by centrality, size and landsdel (Statistics Norway)."""
    return {
        (r["centrality"], r["population"], r["landsdel"]): int(r["municipalities"])
        for r in _rows(MUNICIPALITIES_2024)
    }


def _of_table_4(origins: Mapping[str, float]) -> Mapping[str, float]:
    """Convert counts by the origins of table 5 to the origins of table 4."""
    table_2_shares = settled_shares_2010_2016("origin")
    merged_origins = [o for o in ORIGINS if o not in origins] + ["other country"]
    share = {
        o: table_2_shares[o] / sum(table_2_shares[x] for x in merged_origins)
        for o in merged_origins
    }
    other_countries = origins["other country"]
    counts = {o: share[o] * other_countries if o in share else origins[o] for o in ORIGINS}
    counts["other country"] += origins["Ukraine"]
    return counts


def _counts(name: str, variable: str, column: str = "all") -> Mapping[str, float]:
    return {r["level"]: float(r[column]) for r in _rows(name) if r["dimension"] == variable}


def _shares(counts: Mapping[str, float]) -> Mapping[str, float]:
    total = sum(counts.values())
    return {level: count / total for level, count in counts.items()}


@cache
def _rows(name: str) -> tuple[Mapping[str, str], ...]:
    text = files("matcher.stay.coefficients").joinpath(name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
