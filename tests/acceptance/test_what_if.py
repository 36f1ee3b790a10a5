"""``treffsikker what-if``: what would be different tonight."""

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from matcher.cli.app import app
from matcher.report.results import read_result


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(w) for w in words])


@pytest.fixture(scope="module")
def tonight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("what_if") / "tonight"
    run("generate", "small", "--seed", 7, "--households", 30, "--out", folder)
    assert run("plan", folder, "--seconds", 30).exit_code == 0
    return folder


@pytest.mark.slow
def test_without_anything_different_nothing_is(tonight):
    """In people's words, in both languages."""
    told = run("what-if", tonight, "--language", "en")
    assert told.exit_code == 0, told.output
    for heading in ("Tonight's plan, changed as little as it must", "Planned afresh"):
        assert heading in told.output
    assert told.output.count("No household gets another place than in tonight's plan") == 2
    assert "Targets" not in told.output
    assert run("what-if", tonight).output.count("Ingen husstand får en annen plass") == 2


def moved_by(answer: dict[str, Any], question: str) -> dict[str, str | None]:
    """Where the plan of a question places those whom it places elsewhere."""
    return {c["household"]: c["second"] for c in answer["plans"][question]["changes"]}


@pytest.mark.slow
def test_what_is_asked_comes_true_when_it_is_done(tonight, tmp_path):
    """A ledger changed in the files: both plans, as what-if has said, to the last household."""
    first = next(iter(read_result(tonight / "plan").plan))
    number = first.municipality
    asked = run("what-if", tonight, "--json", "--set", f"{number}.receive_now=0")
    answer = json.loads(asked.stdout)
    tonights = read_result(tonight / "plan").plan.municipality_of
    for question in ("steady", "afresh"):
        done = tmp_path / question
        shutil.copytree(tonight, done, ignore=shutil.ignore_patterns("plan"))
        set_number(done / "municipalities.csv", number, "receive_now", 0)
        if question == "steady":
            shutil.copy(tonight / "plan" / "plan.csv", done / "suggestions.csv")
        assert run("plan", done, "--seconds", 30).exit_code == 0
        now = read_result(done / "plan").plan.municipality_of
        moved = {h: now.get(h) for h in {*now, *tonights} if now.get(h) != tonights.get(h)}
        assert moved
        assert moved == moved_by(answer, question)


def set_number(file: Path, number: str, column: str, value: int) -> None:
    """Write a number of one municipality's ledger."""
    municipalities = pd.read_csv(file, dtype=str)
    municipalities.loc[municipalities["number"] == number, column] = str(value)
    municipalities.to_csv(file, index=False)


def test_one_question_can_be_asked_alone(tonight):
    """By its name; another name is refused."""
    told = run("what-if", tonight, "--only", "steady", "--language", "en")
    assert "Planned afresh" not in told.output
    answer = json.loads(run("what-if", tonight, "--only", "afresh", "--json").stdout)
    assert list(answer["plans"]) == ["afresh"]
    assert run("what-if", tonight, "--only", "neither").exit_code == 2


def test_all_that_can_be_different_goes_together(tonight):
    """A ledger, a parameter, a rule off, a pin and a ban; machines get everything."""
    first, second = list(read_result(tonight / "plan").plan)[:2]
    told = run(
        "what-if",
        tonight,
        "--json",
        "--set",
        "0301.decided=0",
        "--off",
        "fair_shares",
        "--set",
        "terms.speed.person_days_per_stayer=30",
        "--pin",
        f"{first.household}=4601",
        "--ban",
        f"{second.household}={second.municipality}",
    )
    assert told.exit_code == 0, told.output
    answer = json.loads(told.stdout)
    for question, plan in answer["plans"].items():
        moved = moved_by(answer, question)
        assert moved[first.household] == "4601" or first.municipality == "4601"
        assert moved[second.household] != second.municipality
        assert plan["measures"]["placed"] > 0
        assert {m["number"] for m in plan["municipalities"]} >= {second.municipality}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--set", "terms.speed.child"), "write terms.speed.child=2"),
        (("--pin", "H-0001"), "--pin H-0001 cannot be read; write HOUSEHOLD=NUMBER"),
        (("--set", "9999.decided=3"), "municipality '9999' is not in the instance"),
        (("--off", "interpreter"), "interpreter is not on in the policy default"),
    ],
)
def test_what_cannot_be_different_is_told_in_a_sentence(tonight, words, told):
    """Naming what was written, and what to write."""
    assert told in str(run("what-if", tonight, *words).exception)
