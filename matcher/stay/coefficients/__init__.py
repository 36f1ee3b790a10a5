"""The published tables of Fafo 2025:14: coefficients of table 4, and the counts of others."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files

import numpy as np

from matcher.domain.tables.array_types import FloatArray
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


TABLE4 = "fafo_2025_14_table4.csv"
ROUNDING_VARIANCE = 0.01**2 / 12
"""Variance of rounding to two decimals: uniform over one hundredth."""


class Horizon(StrEnum):
    """Period in which a person moves: within five years, within seven, or in year six to seven."""

    FIVE_YEARS = "5y"
    SEVEN_YEARS = "7y"
    YEAR_SIX_TO_SEVEN = "6_7y"


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient in probability, and its variance from standard error and rounding."""

    value: float
    variance: float


@dataclass(frozen=True, eq=False)
class Coefficients:
    """All coefficients for one horizon, by variable and level; reference levels are 0.

    Parameters
    ----------
    horizon : Horizon
        Which of the three models.
    by_level : mapping of (str, str) to Coefficient
        By variable and level, as table 4 names them.
    """

    horizon: Horizon
    by_level: Mapping[tuple[str, str], Coefficient]

    @staticmethod
    @cache
    def read(horizon: Horizon) -> "Coefficients":
        """Read the table for one horizon; it is read once, and the same object every time."""
        text = files(__package__).joinpath(TABLE4).read_text(encoding="utf-8")
        rows = csv.DictReader(text.splitlines())
        by_level = {(row["variable"], row["level"]): _effect(row, horizon) for row in rows}
        return Coefficients(horizon, by_level)

    @cached_property
    def constant(self) -> Coefficient:
        """The constant: the effect of the reference person in the reference municipality."""
        return self.coefficient("constant")

    def coefficient(self, variable: str, level: str = "") -> Coefficient:
        """Return the effect of a level.

        Raises
        ------
        KeyError
            When table 4 has no such variable and level.
        """
        return self.by_level[variable, level]

    def values(self, variable: str, levels: Iterable[str]) -> FloatArray:
        """Effects of several levels of one variable, shape (levels,)."""
        return np.array([self.coefficient(variable, level).value for level in levels])

    def variances(self, variable: str, levels: Iterable[str]) -> FloatArray:
        """Variances of the effects of several levels of one variable, shape (levels,)."""
        return np.array([self.coefficient(variable, level).variance for level in levels])


def _effect(row: Mapping[str, str], horizon: Horizon) -> Coefficient:
    if row["reference"] == "true":
        return Coefficient(0.0, 0.0)
    error = float(row[f"se_{horizon}"])
    return Coefficient(float(row[f"b_{horizon}"]), error**2 + ROUNDING_VARIANCE)
