"""Register data is checked before anything is fitted on it."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from matcher.stay.fitting.coding import VARIABLE_LEVELS, code_rows
from matcher.stay.fitting.register import (
    REQUIRED_COLUMNS,
    RegisterError,
    build_register,
    read_register,
)
from tests.docs.pages import page


def first(rows: pd.DataFrame, **changes: Any) -> pd.DataFrame:
    """The first hundred rows with columns changed."""
    return rows.head(100).assign(**changes)


def test_persons_are_gathered_from_their_years(rows, register):
    """Any order of rows; one row a person, with how long each was followed."""
    shuffled = build_register(rows.sample(frac=1, random_state=1))
    assert len(shuffled) == rows["person"].nunique()
    pd.testing.assert_frame_equal(shuffled.people, register.people)
    assert shuffled.followed_years.sum() == len(rows)
    assert shuffled.moved.sum() == rows["moved"].sum()


@pytest.mark.parametrize("name", REQUIRED_COLUMNS)
def test_a_missing_column_is_named(rows, name):
    """With what it should hold."""
    with pytest.raises(RegisterError, match=name):
        build_register(first(rows).drop(columns=name))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"moved": 2}, "moved"),
        ({"cohort": None}, "cohort"),
        ({"sex": "kvinne"}, "'kvinne'"),
        ({"landsdel": "Sør"}, "'Sør'"),
        ({"continuity": "maybe"}, "'maybe'"),
        ({"pair_school_soon": 3.0}, "pair_school_soon"),
        ({"year": 1}, "one row for each year"),
        ({"moved": 1}, "after a move"),
    ],
)
def test_what_does_not_fit_is_named(rows, changes, said):
    """Column and value, or the person."""
    with pytest.raises(RegisterError, match=said):
        build_register(first(rows, **changes))


def test_nothing_at_all_is_no_register(rows):
    """An empty table."""
    with pytest.raises(RegisterError, match="no rows"):
        build_register(rows.head(0))


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_register_is_read_from_a_file(rows, tmp_path, suffix):
    """With numbers of municipalities as text, zero and all."""
    path = tmp_path / f"register{suffix}"
    few = rows[rows["person"] < 50]
    few.to_csv(path, index=False) if suffix == ".csv" else few.to_parquet(path, index=False)
    read = read_register(path)
    assert set(read.people["municipality"]) == set(few["municipality"])
    assert read.settlement_range == (few["cohort"].min(), few["cohort"].max())


def test_other_files_are_refused(tmp_path):
    """By their name."""
    with pytest.raises(RegisterError, match=r"register\.xlsx"):
        read_register(tmp_path / "register.xlsx")


def test_cohorts_that_nobody_has_are_an_error(register):
    """Said with those there are."""
    with pytest.raises(RegisterError, match="2010-2016"):
        register.select_cohorts(first=2030)


def test_unknown_facts_are_coded_as_not_known(register):
    """Empty or the word; origins outside the table are other country."""
    people = register.people.head(4).copy()
    people["origin"] = ["unknown", None, "Ukraine", "Iraq"]
    people["age"] = [np.nan, 17, 18, 90]
    people["outmigration_quartile"] = ["unknown", None, "low", "high"]
    rows = code_rows(people)
    origins = [
        -1,
        -1,
        VARIABLE_LEVELS["origin"].index("other country"),
        VARIABLE_LEVELS["origin"].index("Iraq"),
    ]
    assert rows.codes["origin"].tolist() == origins
    assert rows.codes["age"].tolist() == [-1, 0, 1, 5]
    assert rows.codes["outmigration_quartile"].tolist() == [-1, -1, 0, 3]


def test_the_schema_is_in_the_guide():
    """Every column with its meaning."""
    text = page("how-to/fit-your-own-stay-model.md")
    assert all(f"| `{name}` | {meaning} |" in text for name, meaning in REQUIRED_COLUMNS.items())
