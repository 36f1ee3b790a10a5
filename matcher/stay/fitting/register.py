"""Register data: a row per person and year, from settlement until the person moves or is lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from matcher.domain.errors import TreffsikkerError
from matcher.stay import municipalities as kinds
from matcher.stay import persons

PAIR_PREFIX = "pair_"
"""Prefix of the columns of pair effects."""
UNKNOWN = "unknown"
REQUIRED_COLUMNS: Mapping[str, str] = {
    "person": "who; the same in all rows of a person",
    "year": "year since settlement, 1 for the first, without gaps",
    "moved": "whether the person moved away in that year (1) or not (0); then no more rows",
    "cohort": "calendar year of settlement",
    "municipality": "four-digit number of the municipality of settlement",
    "sex": "man or woman",
    "age": "whole years at settlement",
    "household_type": "as table 4 of the report names it",
    "origin": "as table 4 of the report names it; others count as other country",
    "immigration_ground": "as table 4 of the report names it",
    "centrality": "class 1-6",
    "population": "persons",
    "landsdel": "one of five",
    "outmigration_quartile": "low, medium low, medium high or high",
    "continuity": "as table 4 of the report names it",
}
"""Columns of a register and their meaning; facts may be empty or ``unknown``."""
FACTS = (*persons.PERSON_LEVELS, *kinds.PLACE_LEVELS)
REGISTER_SUFFIXES = (".parquet", ".csv")


class RegisterError(TreffsikkerError):
    """Register data are unusable; the message names column and value."""


@dataclass(frozen=True, slots=True, eq=False)
class Register:
    """Persons, and for how long each was followed.

    Parameters
    ----------
    people : DataFrame
        One row per person, with the columns of :data:`REQUIRED_COLUMNS` except ``year`` and
        ``moved``, and
        a column for each pair effect (-1 to 1).
    followed_years : int array, shape (persons,)
        Years that each person was followed, including the year of the move.
    moved : bool array, shape (persons,)
        Whether the person moved in the last of these years.
    """

    people: pd.DataFrame
    followed_years: np.ndarray
    moved: np.ndarray

    def __len__(self) -> int:
        return len(self.people)

    @property
    def pair_effects(self) -> tuple[str, ...]:
        """Names of the pair effects in the register, without the prefix of the columns."""
        return tuple(
            str(c).removeprefix(PAIR_PREFIX) for c in self.people if str(c).startswith(PAIR_PREFIX)
        )

    @property
    def settlement_range(self) -> tuple[int, int]:
        """First and last calendar year of settlement."""
        return int(self.people["cohort"].min()), int(self.people["cohort"].max())

    def select(self, mask: np.ndarray) -> "Register":
        """Return the persons that the mask selects."""
        people = self.people[mask].reset_index(drop=True)
        return Register(people, self.followed_years[mask], self.moved[mask])

    def select_cohorts(self, first: int | None = None, last: int | None = None) -> "Register":
        """Return the persons settled from ``first`` to ``last``, both included.

        Raises
        ------
        RegisterError
            When nobody was settled in these years.
        """
        low, high = self.settlement_range
        chosen = self.people["cohort"].between(first or low, last or high).to_numpy()
        if not chosen.any():
            period = f"from {first} on" if last is None else f"until {last}"
            raise RegisterError(f"nobody was settled {period}; the register has {low}-{high}")
        return self.select(chosen)

    def with_known_outcome(self, horizon: int) -> "Register":
        """Return the persons with a known outcome: whether they moved within a number of years."""
        return self.select((self.followed_years >= horizon) | self.moved)

    def moved_within(self, horizon: int) -> np.ndarray:
        """Whether each person moved within a number of years, shape (persons,)."""
        return np.asarray(self.moved & (self.followed_years <= horizon))


def read_register(path: Path) -> Register:
    """Read register data from a .parquet or .csv file.

    Raises
    ------
    RegisterError
        When the file has another format, or its content is inconsistent.
    """
    if path.suffix not in REGISTER_SUFFIXES:
        raise RegisterError(f"{path} is neither {' nor '.join(REGISTER_SUFFIXES)}")
    if path.suffix == ".csv":
        return build_register(pd.read_csv(path, dtype={"municipality": str}))
    return build_register(pd.read_parquet(path))


def build_register(person_years: pd.DataFrame) -> Register:
    """Build a register from person-years, and check it.

    Raises
    ------
    RegisterError
        When a column is missing, a value is not a level of its variable, or a person's years have
        gaps or continue after a move.
    """
    _check_columns(person_years)
    ordered = person_years.sort_values(["person", "year"], kind="stable")
    first = ~ordered["person"].duplicated()
    last = ~ordered["person"].duplicated(keep="last")
    people = ordered[first].drop(columns=["year", "moved"]).reset_index(drop=True)
    years = ordered.loc[last, "year"].to_numpy().astype(np.int64)
    moved = ordered.loc[last, "moved"].to_numpy().astype(bool)
    _check_years(ordered, people, years, moved)
    _check_words(people)
    return Register(people, years, moved)


def _check_columns(rows: pd.DataFrame) -> None:
    missing = [c for c in REQUIRED_COLUMNS if c not in rows]
    if missing:
        raise RegisterError(
            f"the register has no column {missing[0]!r}: {REQUIRED_COLUMNS[missing[0]]}"
        )
    if rows.empty:
        raise RegisterError("the register has no rows")
    for name in ("person", "year", "moved", "cohort", "municipality"):
        if rows[name].isna().any():
            raise RegisterError(f"column {name!r} has empty cells; it must be filled in every row")
    if not rows["moved"].isin((0, 1)).all():
        odd = rows.loc[~rows["moved"].isin((0, 1)), "moved"].iloc[0]
        raise RegisterError(f"column 'moved' has {odd!r}; write 1 for a move and 0 for none")


def _check_years(
    ordered: pd.DataFrame, people: pd.DataFrame, years: np.ndarray, moved: np.ndarray
) -> None:
    rows = ordered.groupby("person", sort=True)["year"].agg(["size", "min", "nunique"])
    whole = (rows["size"] == years) & (rows["min"] == 1) & (rows["nunique"] == years)
    if not whole.all():
        raise RegisterError(
            f"person {rows.index[~whole][0]!r} does not have one row for each year from 1 on; "
            "give every year until the move or until the person was lost"
        )
    if int(ordered["moved"].sum()) != int(moved.sum()):
        early = ordered.loc[ordered["moved"].astype(bool), "person"].value_counts()
        late = people.loc[~moved, "person"]
        odd = [p for p in early.index if early[p] > 1 or p in set(late)]
        raise RegisterError(f"person {odd[0]!r} has rows after a move; end with the year of it")


def _check_words(people: pd.DataFrame) -> None:
    for variable in ("sex", "household_type", "immigration_ground", *kinds.PLACE_LEVELS):
        if variable in ("centrality", "population"):
            continue
        levels = {**persons.PERSON_LEVELS, **kinds.PLACE_LEVELS}[variable]
        known = people[variable].isin([*levels, UNKNOWN]) | people[variable].isna()
        if not known.all():
            odd = people.loc[~known, variable].iloc[0]
            raise RegisterError(
                f"column {variable!r} has {odd!r}; use one of {', '.join(levels)}, or {UNKNOWN}"
            )
    for name in (c for c in people if str(c).startswith(PAIR_PREFIX)):
        if not people[name].between(-1, 1).all():
            raise RegisterError(f"column {name!r} goes beyond -1 to 1, or has empty cells")
