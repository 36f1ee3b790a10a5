"""Facts of persons and places coded as levels of table 4, the input of every method."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from matcher.domain.tables.array_types import FloatArray, IntArray
from matcher.stay import municipalities as kinds
from matcher.stay import persons
from matcher.stay.fitting.register import PAIR_PREFIX, UNKNOWN

SETTLEMENT_YEAR = "settlement_year"
REFERENCE_LEVELS: Mapping[str, str] = {
    "sex": "man",
    "age": "18-29",
    "household_type": "parent of child under 18",
    "origin": "Syria",
    "immigration_ground": "asylum",
    "centrality": "3",
    "population": "50000+",
    "landsdel": "Østlandet",
    "outmigration_quartile": "low",
    "continuity": "settles continuously",
}
"""Reference levels of table 4."""
VARIABLE_LEVELS: Mapping[str, tuple[str, ...]] = {**persons.PERSON_LEVELS, **kinds.PLACE_LEVELS}


@dataclass(frozen=True, slots=True, eq=False)
class CodedRows:
    """Rows of persons in places, as codes.

    Parameters
    ----------
    codes : mapping of str to int array, shape (rows,)
        Level of each variable of :data:`LEVELS`, -1 where it is unknown.
    settlement_years : int array, shape (rows,)
        Calendar year of settlement; 0 for a settlement in the future.
    pair_fits : mapping of str to float array, shape (rows,)
        How well person and place fit, -1 to 1, by pair effect.
    """

    codes: Mapping[str, IntArray]
    settlement_years: IntArray
    pair_fits: Mapping[str, FloatArray]

    def __len__(self) -> int:
        return len(self.settlement_years)

    def take(self, rows: np.ndarray) -> "CodedRows":
        """Return the selected rows, in the order of ``rows``."""
        return CodedRows(
            {name: code[rows] for name, code in self.codes.items()},
            self.settlement_years[rows],
            {name: fit[rows] for name, fit in self.pair_fits.items()},
        )


def code_rows(people: pd.DataFrame) -> CodedRows:
    """Code the facts of a register's persons."""
    codes = {name: _code(name, people[name]) for name in VARIABLE_LEVELS}
    pairs = {
        str(c).removeprefix(PAIR_PREFIX): people[c].to_numpy().astype(np.float64)
        for c in people
        if str(c).startswith(PAIR_PREFIX)
    }
    return CodedRows(codes, people["cohort"].to_numpy().astype(np.int64), pairs)


def _code(name: str, column: pd.Series) -> IntArray:
    if name == "age":
        return _interval_code(column, persons.AGE_BOUNDS)
    if name == "population":
        return _interval_code(column, kinds.SIZE_BOUNDS)
    words = column.astype(object)
    if name == "centrality":
        words = pd.to_numeric(column, errors="coerce").map(lambda c: f"{c:.0f}")
    code_by_level = {level: code for code, level in enumerate(VARIABLE_LEVELS[name])}
    unlisted_code = code_by_level["other country"] if name == "origin" else -1
    known = words.notna() & (words != UNKNOWN)
    codes = words.map(code_by_level).fillna(unlisted_code).astype(np.int64)
    return np.where(known, codes, -1)


def _interval_code(column: pd.Series, bounds: tuple[int, ...]) -> IntArray:
    numbers = pd.to_numeric(column, errors="coerce").to_numpy().astype(np.float64)
    return np.where(np.isnan(numbers), -1, np.searchsorted(bounds, numbers, side="right"))


@dataclass(frozen=True, slots=True)
class DesignSpec:
    """Effects of a model, learned from the persons that it is fitted on.

    Parameters
    ----------
    levels : mapping of str to tuple of str
        Levels of each variable that occur in the data, without the reference level.
    shares : mapping of str to tuple of float
        Shares of those levels among known values; they replace an unknown fact.
    interaction_ages : tuple of str
        Age groups with a separate effect for women.
    pair_effects : tuple of str
        Pair effects.
    """

    levels: Mapping[str, tuple[str, ...]]
    shares: Mapping[str, tuple[float, ...]]
    interaction_ages: tuple[str, ...]
    pair_effects: tuple[str, ...]

    @classmethod
    def learn(cls, rows: CodedRows) -> "DesignSpec":
        """Build the design from the levels that occur, and their shares."""
        levels, shares = {}, {}
        for variable, all_levels in VARIABLE_LEVELS.items():
            count = np.bincount(rows.codes[variable] + 1, minlength=len(all_levels) + 1)[1:]
            occurring = [
                k for k, n in enumerate(count) if n and all_levels[k] != REFERENCE_LEVELS[variable]
            ]
            levels[variable] = tuple(all_levels[k] for k in occurring)
            shares[variable] = tuple(float(count[k] / count.sum()) for k in occurring)
        years = sorted({int(y) for y in rows.settlement_years})[:-1]
        levels[SETTLEMENT_YEAR] = tuple(map(str, years))
        shares[SETTLEMENT_YEAR] = (0.0,) * len(years)
        crossed = tuple(a for a in levels["age"] if _has_both_sexes(rows, a))
        return cls(levels, shares, crossed, tuple(rows.pair_fits))

    @property
    def column_names(self) -> tuple[tuple[str, str], ...]:
        """Variable and level of each column of the matrix, the constant first."""
        alone = [(v, level) for v, levels in self.levels.items() for level in levels]
        crossed = [("sex*age", persons.SEX_AGE_LEVELS[a]) for a in self.interaction_ages]
        return (("constant", ""), *alone, *crossed, *(("pair", p) for p in self.pair_effects))

    def matrix(self, rows: CodedRows) -> FloatArray:
        """Return the design matrix, shape (rows, columns)."""
        parts = {variable: self.indicators(variable, rows) for variable in self.levels}
        woman, ages = parts["sex"], [self.levels["age"].index(a) for a in self.interaction_ages]
        crossed = woman * parts["age"][:, ages] if woman.shape[1] else parts["age"][:, :0]
        pairs = [rows.pair_fits.get(p, np.zeros(len(rows)))[:, None] for p in self.pair_effects]
        return np.hstack([np.ones((len(rows), 1)), *parts.values(), crossed, *pairs])

    def indicators(self, variable: str, rows: CodedRows) -> FloatArray:
        """Columns of one variable, shape (rows, levels); shares where the level is unknown."""
        levels, shares = self.levels[variable], np.array(self.shares[variable])
        if variable == SETTLEMENT_YEAR:
            return np.asarray(
                rows.settlement_years[:, None] == np.array(levels, dtype=np.int64)[None, :], float
            )
        place = [VARIABLE_LEVELS[variable].index(level) for level in levels]
        table = np.vstack([np.eye(len(VARIABLE_LEVELS[variable]))[:, place], shares[None, :]])
        return np.asarray(table[rows.codes[variable]])


def _has_both_sexes(rows: CodedRows, age: str) -> bool:
    """Whether the rows include both women and men of an age group."""
    in_group = rows.codes["age"] == persons.AGE_GROUPS.index(age)
    return len(set(rows.codes["sex"][in_group].tolist()) - {-1}) == 2
