"""Profiles are read whole, and every fault in one is named with what to write instead."""

from pathlib import Path

import pytest

from instances import Profile, profile_names
from instances.profile_files import PROFILE_FOLDER

TOP = ("#", "extends", "description")


def test_the_names_are_those_of_the_files() -> None:
    files = {path.stem for path in PROFILE_FOLDER.glob("*.toml")} - {"_base"}
    assert set(profile_names()) == files


@pytest.mark.parametrize("name", ["_base", *profile_names()])
def test_every_parameter_of_every_profile_has_its_comment(name: str) -> None:
    lines = (PROFILE_FOLDER / f"{name}.toml").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# ")
    parameters = [line for line in lines if " = " in line and not line.startswith(TOP)]
    assert [line for line in parameters if "# " not in line] == []


@pytest.mark.parametrize("name", profile_names())
def test_every_profile_reads_and_says_what_it_is(name: str) -> None:
    profile = Profile.read(name)
    assert profile.name == name
    assert profile.description.endswith(".")


def test_sizes_are_those_that_are_promised() -> None:
    sizes = {name: Profile.read(name).queue.households for name in profile_names()}
    assert sizes == {
        "small": 40,
        "night": 300,
        "november": 300,
        "tight": 1500,
        "busy-night": 1500,
        "backlog": 5000,
        "year": 17_000,
        "crisis": 170_000,
    }


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"no profile 'nigth'.*small, night, .*crisis"):
        Profile.read("nigth")


def test_a_file_that_is_not_there_is_answered_with_the_known_names(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="use one of small"):
        Profile.read(tmp_path / "mine.toml")


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_of_ones_own_states_only_what_differs(tmp_path: Path) -> None:
    profile = Profile.read(write(tmp_path, 'extends = "november"\n[queue]\nlinked = 0.5\n'))
    november = Profile.read("november")
    assert profile.name == "mine"
    assert profile.queue.linked == 0.5
    assert profile.queue.today == november.queue.today
    assert profile.places == november.places


def test_all_faults_come_at_once_with_file_key_value_and_advice(tmp_path: Path) -> None:
    text = """extends = "_base"
[queue]
linkd = 0.5
wish = 1.5
today = "2024-06-12"
waiting_days = [[30, 2], [14, 1]]
[places]
include = [301]
decided = "imdi"
[service]
"""
    with pytest.raises(ValueError) as raised:
        Profile.read(write(tmp_path, text))
    lines = str(raised.value).splitlines()
    assert len(lines) == 7
    assert all("mine.toml" in line for line in lines)
    message = str(raised.value)
    for words in (
        "no parameter 'linkd'; did you mean 'linked'?",
        "wish = 1.5 is not possible: give a share from 0 to 1",
        "today = '2024-06-12' is not possible: give a date without quotes",
        "days rising",
        "include = [301] is not possible: give numbers of four digits as text",
        "decided = 'imdi' is not possible: give one of council, request",
        "'service' is not a section",
    ):
        assert words in message


def test_true_is_no_number(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="wish = True is not possible"):
        Profile.read(write(tmp_path, 'extends = "_base"\n[queue]\nwish = true\n'))


def test_a_profile_that_extends_nothing_misses_everything(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"section \[queue\] is missing.*_base"):
        Profile.read(write(tmp_path, 'description = "Empty."\n'))


def test_a_parameter_that_is_left_out_is_missed(tmp_path: Path) -> None:
    text = (
        (PROFILE_FOLDER / "_base.toml").read_text(encoding="utf-8").replace("wish = 0.15", "# wish")
    )
    with pytest.raises(ValueError, match=r"\[queue\] wish is missing"):
        Profile.read(write(tmp_path, text))


def test_files_that_extend_each_other_are_named(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text('extends = "mine"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="extends this file in turn"):
        Profile.read(write(tmp_path, 'extends = "other"\n'))


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"mine\.toml: not valid TOML"):
        Profile.read(write(tmp_path, "[queue\n"))
