"""Coefficients of the linear probability model, read from Fafo 2025:14, table 4."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files

import numpy as np

from matcher.domain.tables.array_types import FloatArray

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
