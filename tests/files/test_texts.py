"""Every kind of fault has its texts, and every text its fault; the reference page is in step."""

import re
from pathlib import Path

import pytest

import matcher.domain
import matcher.files
import matcher.problem
import matcher.report
from matcher.domain import BanReason, Ledger, Municipality, OutMigrationQuartile, Person, WishKind
from matcher.domain import Household as DomainHousehold
from matcher.files.cell_kinds import CELL_KINDS, WORD_TYPES
from matcher.files.faults import Fault, FaultsError, fault_texts
from matcher.files.municipality_reform import new_numbers
from matcher.files.reference import reference_page
from matcher.files.schema import schema
from tests.files.broken import expected, names

ROOT = Path(__file__).parent.parent.parent
ROOMS = (matcher.files, matcher.report, matcher.domain, matcher.problem)
SOURCES = [Path(room.__file__).parent for room in ROOMS]
SHOWN_ELSEWHERE = {"more", "folder.missing", "sheet.missing", "plan.missing", "today.future"} | {
    "pinned_to.refused",
    "pinned_to.protected",
}


def test_every_kind_of_fault_has_a_broken_input() -> None:
    """No fault is described that no test folder gives; the few others have tests of their own."""
    given = {
        fault["code"] for name in names("broken") for fault in expected("broken", name)["fault"]
    }
    assert set(fault_texts()) - given == SHOWN_ELSEWHERE


@pytest.mark.parametrize("code", sorted(fault_texts()))
def test_texts_are_whole_and_mention_the_same_facts(code: str) -> None:
    """Both languages say it, and an advice in one language knows no more than in the other."""
    text = fault_texts()[code]
    assert text["severity"] in ("error", "warning")
    for part in ("message", "advice"):
        english, norwegian = text["en"][part], text["nb"][part]
        assert english[-1] == norwegian[-1] == "."
        facts = [sorted(set(re.findall(r"\{(\w+)\}", words))) for words in (english, norwegian)]
        assert facts[0] == facts[1]


def test_every_code_in_the_program_is_described() -> None:
    """Whatever looks like a fault's code in the source has its texts."""
    families = "|".join(sorted({code.split(".")[0] for code in fault_texts() if "." in code}))
    pattern = re.compile(rf'"((?:{families})\.[a-z_0-9]+)"')
    used = {
        code
        for folder in SOURCES
        for file in folder.glob("*.py")
        for code in pattern.findall(file.read_text("utf-8"))
    }
    keys = {f"{table}.{c}" for table in schema().tables for c in schema().tables[table].columns}
    assert used - keys - {"plan.csv"} <= set(fault_texts())
    assert set(fault_texts()) - used == {"more"}


def test_the_reference_page_is_in_step() -> None:
    """docs/reference/files.md is what ``make reference`` writes."""
    page = (ROOT / "docs" / "reference" / "files.md").read_text(encoding="utf-8")
    assert page == reference_page()


def test_the_schema_has_every_field_of_the_domain() -> None:
    """A field of the domain is a column of its table, under the same name, and the other way."""
    tables = schema().tables
    fields = {
        "households": {*DomainHousehold.__dataclass_fields__} - {"members"},
        "members": {*Person.__dataclass_fields__, "household"},
        "next_year": {*Ledger.__dataclass_fields__, "municipality"}
        - {"settled", "minors_settled", "receive_now"},
        "municipalities": {*Municipality.__dataclass_fields__, *Ledger.__dataclass_fields__}
        - {"ledger", "next_ledger", "dwellings", "weeks"},
    }
    for table, wanted in fields.items():
        assert set(tables[table].columns) == wanted


def test_the_words_are_those_of_the_domain() -> None:
    """The files have the words that the domain has, all of them and no others."""
    types = {
        **WORD_TYPES,
        "ban_reason": BanReason,
        "wish_kind": WishKind,
        "quartile": OutMigrationQuartile,
    }
    for name, words in schema().words.items():
        if name != "landsdel":
            assert list(words) == list(types[name])  # type: ignore[call-overload]
    assert set(schema().kinds) == {*CELL_KINDS, "word"}


def test_old_municipality_numbers_lead_to_new_ones() -> None:
    """The reform's numbers are four digits, and no new number is itself an old one."""
    assert new_numbers()["1507"] == ("1508", "1580")
    for old, new in new_numbers().items():
        assert all(re.fullmatch("[0-9]{4}", number) for number in (old, *new))
        assert not set(new) & set(new_numbers())


def test_an_exception_shows_the_first_faults_and_counts_the_rest() -> None:
    """A thousand faults do not make a thousand lines."""
    faults = [Fault("members.csv", n, "age", "x", "number.form", "error") for n in range(2, 1002)]
    shown = str(FaultsError(faults))
    assert "members.csv, row 2, column age: x is not a number." in shown
    assert "and 980 more" in shown
    assert len(shown.splitlines()) < 30
