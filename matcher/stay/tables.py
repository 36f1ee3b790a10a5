"""The report's counts that stand in where a fact is not known: tables 2 and 7."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np

from matcher.tables import FloatArray

TABLE2 = "fafo_2025_14_table2.csv"
TABLE7 = "fafo_2025_14_table7.csv"
QUARTILE_COLUMNS = ("low", "medium_low", "medium_high", "high")


@cache
def composition(variable: str) -> Mapping[str, float]:
    """Share of each level among the persons of table 2 (settled 2010-2016, N = 53 484)."""
    counts = {r["level"]: float(r["all"]) for r in _rows(TABLE2) if r["dimension"] == variable}
    total = sum(counts.values())
    return {level: count / total for level, count in counts.items()}


@cache
def quartile_counts(dimension: str) -> Mapping[str, tuple[int, ...]]:
    """Municipalities of each kind in each out-migration quartile, low to high (table 7)."""
    return {
        r["level"]: tuple(int(r[c]) for c in QUARTILE_COLUMNS)
        for r in _rows(TABLE7)
        if r["dimension"] == dimension
    }


def quartile_shares(dimension: str, level: str) -> FloatArray:
    """Share of the municipalities of one kind in each quartile, shape (4,)."""
    counts = np.array(quartile_counts(dimension)[level], dtype=np.float64)
    return np.asarray(counts / counts.sum())


def overall_quartile_shares() -> FloatArray:
    """Share of all municipalities in each quartile, shape (4,)."""
    counts = np.array(list(quartile_counts("continuity").values()), dtype=np.float64).sum(axis=0)
    return np.asarray(counts / counts.sum())


def level_shares(dimension: str, levels: tuple[str, ...]) -> FloatArray:
    """Share of the municipalities that are of each kind, shape (levels,) (table 7)."""
    counts = np.array([sum(quartile_counts(dimension)[level]) for level in levels])
    return np.asarray(counts / counts.sum())


@cache
def _rows(name: str) -> tuple[Mapping[str, str], ...]:
    text = files("matcher.stay.coefficients").joinpath(name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
