"""``treffsikker what-if``: what would be different tonight."""

import json
from pathlib import Path

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
    assert "0 get another municipality, 0 get a place that had none, 0 lose theirs" in told.output
    assert "0 får en annen kommune" in run("what-if", tonight).output


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
    moved = {change["household"]: change["second"] for change in answer["changes"]}
    assert moved[first.household] == "4601" or first.municipality == "4601"
    assert moved[second.household] != second.municipality
    assert answer["other"]["placed"] > 0
    assert {m["number"] for m in answer["municipalities"]} >= {second.municipality}


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
