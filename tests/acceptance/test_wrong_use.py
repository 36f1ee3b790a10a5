"""What cannot be done is said at once, in one sentence, in the language asked for."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from matcher.cli import main

LIMITS = [
    *(("--seconds", value) for value in ("nan", "inf", "0", "-1")),
    *(("--gap", value) for value in ("nan", "inf", "-1")),
    ("--seed", "-1"),
    ("--write-lp", "model.txt"),
]


@pytest.fixture(scope="module")
def tonight(tmp_path_factory):
    """A small queue."""
    folder = tmp_path_factory.mktemp("wrong") / "tonight"
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as stopped:
        patch.setattr("sys.argv", ["treffsikker", "generate", "small", "--out", str(folder)])
        main()
    assert stopped.value.code == 0
    return folder


@pytest.fixture
def ended(monkeypatch, capsys):
    """Run the command: its exit code and error stream."""

    def end(*words):
        monkeypatch.setattr("sys.argv", ["treffsikker", *(str(w) for w in words)])
        with pytest.raises(SystemExit) as stopped:
            main()
        return stopped.value.code, capsys.readouterr().err

    return end


@pytest.fixture
def unsolvable(monkeypatch):
    """Every solve fails the test."""

    def solving(*_, **__):
        raise AssertionError("solved before it was sure that the plan can be written")

    monkeypatch.setattr("matcher.cli.plan.solve", solving)


@pytest.mark.parametrize(("option", "value"), LIMITS)
def test_impossible_limits_are_refused_before_any_file_is_read(ended, tmp_path, option, value):
    """One sentence that names the option and the value, though the folder does not exist."""
    code, told = ended("plan", tmp_path / "nowhere", option, value)
    assert code == 2
    (sentence,) = told.splitlines()
    assert option in sentence
    assert value in sentence


def test_every_impossible_limit_is_named_in_the_language_asked_for(ended, tmp_path):
    """Two at once give two sentences."""
    words = ("plan", tmp_path, "--seconds", "0", "--gap", "nan", "--language", "en")
    assert ended(*words)[1].splitlines() == [
        "--seconds must be a number above 0, not 0.0.",
        "--gap must be a number from 0 up, in per cent, not nan.",
    ]


def test_a_seed_below_0_makes_no_queue(ended, tmp_path):
    """Nothing is written."""
    code, told = ended("generate", "small", "--seed", -1, "--out", tmp_path / "q")
    assert (code, "-1" in told) == (2, True)
    assert not (tmp_path / "q").exists()


@pytest.mark.parametrize("option", ["--out", "--write-lp"])
@pytest.mark.parametrize("beneath", [False, True], ids=["a file", "beneath a file"])
def test_a_place_that_cannot_be_written_is_told_before_solving(
    ended, unsolvable, tonight, tmp_path, option, beneath
):
    """One sentence with the path, exit code 2."""
    file = tmp_path / "file"
    file.write_text("here already")
    place = file / "beneath" if beneath else file
    code, told = ended("plan", tonight, option, place / "m.lp" if option != "--out" else place)
    assert code == 2
    assert str(file) in told.splitlines()[-1]
    assert "Traceback" not in told
    assert file.read_text() == "here already"


def test_a_folder_without_access_is_told(ended, monkeypatch, tonight, tmp_path):
    """The path, not the file that was tried in it."""

    def denied(dir):
        raise PermissionError(13, "Permission denied", f"{dir}/tried")

    monkeypatch.setattr("matcher.cli.shared.TemporaryFile", denied)
    code, told = ended("plan", tonight, "--out", tmp_path / "new" / "out")
    assert (code, told.splitlines()[-1]) == (2, f"Uten adgang til {tmp_path / 'new' / 'out'}.")
    assert not (tmp_path / "new").exists()


def test_a_queue_cannot_be_written_over_a_file(ended, tmp_path):
    """One sentence, no traceback."""
    (tmp_path / "file").write_text("")
    code, told = ended("generate", "small", "--out", tmp_path / "file", "--language=en")
    assert code == 2
    assert told.splitlines()[-1] == f"{tmp_path / 'file'} exists and is no folder."


def test_errors_for_machines_are_one_object(ended, tmp_path):
    """Nothing else goes to the error stream with --json."""
    code, told = ended("plan", tmp_path, "--seconds", "nan", "--json")
    assert code == 2
    assert json.loads(told) == {"error": "--seconds må være et tall over 0, ikke nan."}


@pytest.mark.parametrize(
    ("language", "head", "where"),
    [("nb", "1 feil i filene:", "rad 2"), ("en", "1 error in the files:", "row 2")],
)
def test_faults_that_stop_a_plan_are_told_in_the_language(
    ended, tonight, tmp_path, language, head, where
):
    """With the number in the singular, where it is and what to do."""
    for path in tonight.glob("*.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    households = pd.read_csv(tmp_path / "households.csv", dtype=str)
    households.loc[0, "ready_since"] = "yesterday"
    households.to_csv(tmp_path / "households.csv", index=False)
    code, told = ended("plan", tmp_path, "--language", language)
    assert code == 1
    *_, first, fault = told.splitlines()
    assert first == head
    assert where in fault
    assert "yesterday" in fault


def test_the_time_that_is_left_goes_to_pricing(ended, monkeypatch, tonight, tmp_path):
    """At least 5 seconds, at most 60."""
    given = []

    def listening(problem, choice, *, seconds, **_):
        given.append(seconds)
        raise ValueError("enough")

    monkeypatch.setattr("matcher.cli.plan.price_places", listening)
    for seconds in (1, 30, 1000):
        words = ("--backend", "greedy", "--seconds", seconds, "--out", Path(tmp_path) / "p")
        assert ended("plan", tonight, *words)[0] == 2
    least, some, most = given
    assert (least, most) == (5, 60)
    assert 5 < some < 30


@pytest.fixture
def nobody_waits(tonight, tmp_path):
    """The same files without a household."""
    folder = tmp_path / "empty"
    shutil.copytree(tonight, folder, ignore=shutil.ignore_patterns("plan"))
    for name in ("households", "members"):
        header = (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
        (folder / f"{name}.csv").write_text(header + "\n", encoding="utf-8")
    (folder / "links.csv").unlink(missing_ok=True)
    return folder


def test_an_empty_queue_is_planned_and_nobody_is_ranked(ended, nobody_waits):
    """A plan of nobody is a plan; who asks for a ranking is told that nobody waits."""
    assert ended("plan", nobody_waits, "--seconds", "2", "--language", "en")[0] == 0
    for command in ("rank", "explain"):
        code, told = ended(command, nobody_waits, "--language", "en")
        assert (code, "the queue is empty" in told) == (2, True)
