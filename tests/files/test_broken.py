"""Every broken input gives exactly its faults, each with its place, and advice in two languages."""

import string
from dataclasses import replace
from pathlib import Path

import pytest

from matcher.files import FaultsError, check, read
from matcher.files.faults import has_errors
from tests.files.broken import VALID, expected, lay, names


@pytest.mark.slow
@pytest.mark.parametrize("name", names("broken"))
def test_gives_exactly_its_faults(name: str, tmp_path: Path) -> None:
    """File, row, column, value and code are those that the folder's ``expected.toml`` names."""
    found = check(lay("broken", name, tmp_path / "in"))
    assert [(f.file, f.row, f.column, f.value, f.code) for f in found] == [
        (f["file"], f.get("row"), f.get("column"), f["value"], f["code"])
        for f in expected("broken", name)["fault"]
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", names("broken"))
def test_says_what_to_do_in_both_languages(name: str, tmp_path: Path) -> None:
    """Every fault has a message and an advice in English and another in Norwegian, filled in."""
    for fault in check(lay("broken", name, tmp_path / "in")):
        for render in (fault.message, fault.advice):
            english, norwegian = render("en"), render("nb")
            assert english != norwegian
            for text in (english, norwegian):
                assert text.strip() and text[-1] in ".:!" + string.ascii_letters + string.digits
                assert "{" not in text.replace(fault.value, "")


@pytest.mark.slow
@pytest.mark.parametrize("name", names("broken"))
def test_errors_stop_reading_and_warnings_do_not(name: str, tmp_path: Path) -> None:
    """Reading refuses a folder with errors, with every fault, and reads one with warnings only."""
    folder = lay("broken", name, tmp_path / "in")
    faults = check(folder)
    if has_errors(faults):
        with pytest.raises(FaultsError) as caught:
            read(folder)
        assert list(caught.value.faults) == faults
    else:
        assert read(folder).municipalities == read(VALID).municipalities or faults


@pytest.mark.parametrize("name", ["household_id_with_a_plus", "minors_above_decided"])
def test_what_no_plan_can_be_made_from_is_an_error(name: str, tmp_path: Path) -> None:
    """It is told when the files are checked, not when the plan is made."""
    assert has_errors(check(lay("broken", name, tmp_path / "in")))


@pytest.mark.parametrize("name", names("accepted"))
def test_accepts_what_is_only_written_differently(name: str, tmp_path: Path) -> None:
    """Other ways to write the same give no fault and, where said so, the same instance."""
    folder = lay("accepted", name, tmp_path / "in")
    assert check(folder) == []
    got, wanted = (replace(read(path), probabilities=None) for path in (folder, VALID))
    assert (got == wanted) is expected("accepted", name)["same"]


def test_a_valid_folder_has_no_faults() -> None:
    """The folder that the broken ones are laid over is in order."""
    assert check(VALID) == []
