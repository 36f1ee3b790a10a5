"""Reading: the day, workbooks, data frames, parquet types, and what a small file may leave out."""

import datetime
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from matcher.domain import Answer, Education, Instance, Ledger, Sex
from matcher.files import FaultsError, check, from_frames, read
from matcher.files.reading import read_with_warnings
from matcher.files.schema import schema
from tests.files.broken import VALID

TODAY = datetime.date(2024, 11, 4)
HOUSEHOLDS = pd.DataFrame({"id": ["H-1"], "ready_since": ["2024-05-02"]})
MEMBERS = pd.DataFrame({"id": ["P-1"], "household": ["H-1"]})
MUNICIPALITIES = pd.DataFrame(
    {"number": ["0301"], "name": ["Oslo"], "decided": [None], "settled": [None], "promised": [None]}
)


def test_a_given_day_goes_before_the_file() -> None:
    """``today`` overrides instance.toml."""
    assert read(VALID, today=datetime.date(2024, 12, 1)).today == datetime.date(2024, 12, 1)


def test_what_is_left_out_is_not_known() -> None:
    """Columns and tables that are missing give unknown values, not no and not zero."""
    instance = from_frames(HOUSEHOLDS, MEMBERS, MUNICIPALITIES, today=TODAY)
    person = instance.households[0].members[0]
    assert (person.age, person.sex, person.lar) == (None, Sex.UNKNOWN, Answer.UNKNOWN)
    assert person.education is Education.UNKNOWN
    assert instance.municipalities[0].interpreter_languages is None
    assert instance.municipalities[0].ledger == Ledger()
    assert instance.probabilities is None


def test_frames_with_the_files_text_give_the_files_instance() -> None:
    """Tables read as text by pandas give the same instance as the folder."""
    tables = {
        file.stem: pd.read_csv(file, dtype="str")
        for file in VALID.glob("*.csv")
        if file.stem in schema().tables
    }
    got = from_frames(
        tables.pop("households"),
        tables.pop("members"),
        tables.pop("municipalities"),
        today=TODAY,
        name="a small night",
        made_up=("households.ready_since", "members.age"),
        **tables,
    )
    assert _plain(got) == _plain(read(VALID))


def test_frames_may_hold_what_pandas_holds() -> None:
    """Dates, missing numbers, truths, categories and lists are read as what they are."""
    members = MEMBERS.assign(
        age=pd.array([34], dtype="Int64"),
        hospital_minutes=[float("nan")],
        lar=[True],
        languages=pd.Series([["ti", "ar"]]),
        sex=pd.Categorical(["woman"]),
    )
    households = HOUSEHOLDS.assign(
        ready_since=pd.to_datetime(["2024-05-02"]), deadline=pd.Series([pd.NaT])
    )
    instance = from_frames(households, members, MUNICIPALITIES, today=TODAY)
    household, person = instance.households[0], instance.households[0].members[0]
    assert household.ready_since == datetime.date(2024, 5, 2)
    assert household.deadline is None
    assert (person.age, person.hospital_minutes) == (34, None)
    assert (person.lar, person.languages, person.sex) == (Answer.YES, ("ti", "ar"), Sex.WOMAN)


def test_faults_in_frames_name_the_table_and_a_row_as_in_a_file() -> None:
    """The first row of a frame is row 2, the header being row 1."""
    with pytest.raises(FaultsError) as caught:
        from_frames(HOUSEHOLDS, MEMBERS.assign(age=[180]), MUNICIPALITIES, today=TODAY)
    (fault,) = (f for f in caught.value.faults if f.severity == "error")
    assert (fault.file, fault.row, fault.column, fault.value) == ("members", 2, "age", "180")


def test_one_workbook_can_hold_all_tables(tmp_path: Path) -> None:
    """A workbook with a sheet a table is read like a folder, given the day."""
    path = tmp_path / "night.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for file in sorted(VALID.glob("*.csv")):
            sheet = book.add_worksheet(file.stem)
            for row, line in enumerate(pd.read_csv(file, header=None, dtype="str").to_numpy()):
                for column, cell in enumerate(line):
                    if isinstance(cell, str):
                        sheet.write_string(row, column, cell)
    assert check(path, today=TODAY) == []
    assert _plain(read(path, today=TODAY)).households == _plain(read(VALID)).households


def test_a_workbook_without_a_sheet_says_which(tmp_path: Path) -> None:
    """Every required sheet that is missing is named, and so is the missing day."""
    path = tmp_path / "night.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("households").write_row(0, 0, ["id", "ready_since"])
    assert [(f.file, f.code) for f in check(path)] == [
        ("instance.toml", "today.missing"),
        ("night.xlsx#households", "queue.empty"),
        ("night.xlsx#members", "sheet.missing"),
        ("night.xlsx#municipalities", "sheet.missing"),
    ]


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    """The path is named without the machine's folders."""
    faults = check(tmp_path / "nowhere", today=TODAY)
    assert [(f.file, f.code) for f in faults if f.code == "folder.missing"] == [
        ("nowhere", "folder.missing")
    ]
    with pytest.raises(FaultsError):
        read(tmp_path / "nowhere", today=TODAY)


def test_rows_in_a_sheet_that_begins_further_down_keep_their_numbers(tmp_path: Path) -> None:
    """Blank rows in a sheet do not shift the row that a fault names."""
    path = tmp_path / "night.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("households")
        sheet.write_row(0, 1, ["id", "ready_since"])
        sheet.write_row(4, 1, ["H-1", "in May"])
    faults = [f for f in check(path, today=TODAY) if f.code == "date.form"]
    assert [(f.row, f.column, f.value) for f in faults] == [(5, "ready_since", "in May")]


def test_members_need_not_lie_together() -> None:
    """Members come in the file's order within their household, wherever their rows are."""
    households = pd.DataFrame({"id": ["B", "A"], "ready_since": ["2024-05-02"] * 2})
    members = pd.DataFrame({"id": ["P-1", "P-2", "P-3", "P-4"], "household": ["A", "B", "A", "B"]})
    instance = from_frames(households, members, MUNICIPALITIES, today=TODAY)
    assert [[p.id for p in h.members] for h in instance.households] == [
        ["P-2", "P-4"],
        ["P-1", "P-3"],
    ]


def test_unknown_municipality_keys_are_text() -> None:
    """A number read as text keeps its zero."""
    assert (
        from_frames(HOUSEHOLDS, MEMBERS, MUNICIPALITIES, today=TODAY).municipalities[0].number
        == "0301"
    )


def _plain(instance: Instance) -> Instance:
    return instance.replace(probabilities=None)


def test_files_dated_after_the_present_day_are_refused_where_they_are_taken_in(tmp_path: Path):
    """A simulated queue, which nobody takes in, may be of any day."""
    day = read(VALID).today
    assert read(VALID, present_day=day).today == day
    (fault,) = check(VALID, present_day=day - datetime.timedelta(days=1))
    assert (fault.code, fault.value, fault.severity) == ("today.future", str(day), "error")
    assert str(day - datetime.timedelta(days=1)) in fault.message("nb")
    with pytest.raises(FaultsError):
        read_with_warnings(VALID, present_day=day - datetime.timedelta(days=1))
