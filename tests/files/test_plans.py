"""Plan files: written for people, read back as a plan."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from matcher.domain import Placement, Plan
from matcher.files import FaultsError
from matcher.files.errors import UnwritableError
from matcher.report.plans import read_plan, write_plan

ROWS = pd.DataFrame(
    {
        "household": ["H-1", "H-2", "H-3"],
        "municipality": ["0301", "5501", None],
        "earliest": [date(2024, 11, 20), None, None],
        "points": [12.5, 3.0, float("nan")],
        "why": ["close to family", "=cmd()", "no place is open"],
        "families": [["a", "b"], [], []],
    }
)
PLAN = Plan((Placement("H-1", "0301", date(2024, 11, 20)), Placement("H-2", "5501")))
ENDINGS = (".csv", ".xlsx", ".parquet")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_plan_is_read_back_as_it_was_written(ending: str, tmp_path: Path) -> None:
    """Placements come back with their days; households that are not placed are left out."""
    path = tmp_path / "new" / f"plan{ending}"
    write_plan(ROWS, path)
    assert read_plan(path) == PLAN


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_plan_gives_the_same_bytes(ending: str, tmp_path: Path) -> None:
    """Two writings of one plan do not differ."""
    for name in ("one", "other"):
        write_plan(ROWS, tmp_path / f"{name}{ending}")
    assert (tmp_path / f"one{ending}").read_bytes() == (tmp_path / f"other{ending}").read_bytes()


def test_text_that_looks_like_a_formula_is_never_run(tmp_path: Path) -> None:
    """In CSV it gets an apostrophe before it, in Excel it is text."""
    write_plan(ROWS, tmp_path / "plan.csv")
    assert "'=cmd()" in (tmp_path / "plan.csv").read_text()
    write_plan(ROWS, tmp_path / "plan.xlsx")
    sheet = CalamineWorkbook.from_path(str(tmp_path / "plan.xlsx")).get_sheet_by_index(0)
    assert sheet.to_python()[2][4] == "=cmd()"


def test_an_id_that_looks_like_a_formula_is_refused(tmp_path: Path) -> None:
    """An apostrophe would make it another id, so it is not written."""
    with pytest.raises(UnwritableError, match="begins like a formula"):
        write_plan(ROWS.assign(household=["-1", "H-2", "H-3"]), tmp_path / "plan.csv")


def test_timestamps_and_categories_of_pandas_are_written(tmp_path: Path) -> None:
    """Days as pandas has them and categories come back as days and text."""
    rows = ROWS.assign(
        earliest=pd.to_datetime(["2024-11-20", None, None]),
        municipality=pd.Categorical(ROWS["municipality"]),
    )
    write_plan(rows, tmp_path / "plan.csv")
    assert read_plan(tmp_path / "plan.csv") == PLAN


def test_a_plan_without_a_column_is_refused(tmp_path: Path) -> None:
    """The missing column is named, and no file appears."""
    with pytest.raises(UnwritableError, match="earliest"):
        write_plan(ROWS.drop(columns="earliest"), tmp_path / "plan.csv")
    assert list(tmp_path.iterdir()) == []


def test_an_ending_that_is_not_known_is_refused(tmp_path: Path) -> None:
    """The endings that are known are named."""
    with pytest.raises(UnwritableError, match=r"\.csv, \.xlsx, \.parquet"):
        write_plan(ROWS, tmp_path / "plan.txt")
    assert list(tmp_path.iterdir()) == []


def test_a_household_that_is_placed_twice_is_a_fault(tmp_path: Path) -> None:
    """The second row is named."""
    (tmp_path / "plan.csv").write_text("household,municipality\nH-1,0301\nH-1,5501\n")
    with pytest.raises(FaultsError) as caught:
        read_plan(tmp_path / "plan.csv")
    assert [(f.row, f.code) for f in caught.value.faults] == [(3, "cell.twice")]


def test_a_plan_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    """Also when the ending is one that is not read."""
    for name in ("plan.csv", "plan.doc"):
        with pytest.raises(FaultsError, match="no plan file"):
            read_plan(tmp_path / name)


def test_a_number_that_lost_its_zero_in_excel_is_told(tmp_path: Path) -> None:
    """A plan edited in Excel is checked like any other file."""
    with xlsxwriter.Workbook(str(tmp_path / "plan.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["household", "municipality"])
        sheet.write_row(1, 0, ["H-1", 301])
    with pytest.raises(FaultsError) as caught:
        read_plan(tmp_path / "plan.xlsx")
    assert caught.value.faults[0].advice("en").startswith("Write 0301")
