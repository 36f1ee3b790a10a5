"""``treffsikker verify`` bears out what is true of a plan, and finds what was tampered with."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from matcher.cli.app import app
from matcher.report.results import DamagedResultError, ResultNotFoundError

pytestmark = pytest.mark.slow
RUNNER = CliRunner()


def run(*words: object) -> Result:
    return RUNNER.invoke(app, [str(w) for w in words])


@pytest.fixture(scope="module")
def tonight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verify") / "tonight"
    assert run("generate", "small", "--seed", 7, "--out", folder).exit_code == 0
    assert run("plan", folder, "--seconds", 30).exit_code == 0
    return folder


@pytest.fixture
def plan(tonight: Path, tmp_path: Path) -> Path:
    """A copy of the plan, to tamper with."""
    shutil.copytree(tonight / "plan", tmp_path / "plan")
    return tmp_path / "plan"


def findings(code: int, *words: object) -> dict[str, dict[str, Any]]:
    """Findings by their code, once the command has ended as it should."""
    result = run("verify", *words, "--json")
    assert result.exit_code == code, result.output
    told = json.loads(result.stdout)
    assert told["agrees"] == (code == 0)
    return {f["code"]: f for f in told["findings"]}


def edit_table(path: Path, change: Callable[[pd.DataFrame], object]) -> None:
    frame = pd.read_csv(path, dtype=str)
    change(frame)
    frame.to_csv(path, index=False)


def edit_facts(plan: Path, change: Callable[[dict[str, Any]], object]) -> None:
    file = plan / "result.json"
    facts = json.loads(file.read_text(encoding="utf-8"))
    change(facts)
    file.write_text(json.dumps(facts), encoding="utf-8")


def test_a_plan_as_it_was_written_is_borne_out_in_every_point(tonight: Path) -> None:
    """And the bound from its prices is above its value by what the result says or a little more."""
    found = findings(0, tonight)
    assert set(found) - {"bound.confirmed", "bound.looser"} == {
        "instance.same",
        "policy.same",
        "plan.sound",
        "rules.kept",
        "counts.same",
        "level_1.same",
        "level_2.same",
        "measures.same",
        "claims.sound",
        "places.proved",
    }
    bound = found.get("bound.confirmed") or found["bound.looser"]
    assert bound["value"] <= bound["bound"] <= 1.01 * bound["value"]


def test_the_folder_of_a_plan_leads_to_the_files_it_was_made_of(
    tonight: Path, tmp_path: Path
) -> None:
    """Named alone, the plan finds its night, also when both were moved together."""
    moved = Path(shutil.copytree(tonight, tmp_path / "moved"))
    assert findings(0, moved / "plan") == findings(0, tonight)


def test_a_plan_whose_files_are_gone_says_what_to_write(plan: Path) -> None:
    """The folder of the files is named with it."""
    edit_facts(plan, lambda facts: facts.update(data="../gone"))
    result = run("verify", plan)
    assert result.exit_code != 0
    assert isinstance(result.exception, ResultNotFoundError)
    assert f"--plan {plan}" in str(result.exception)


@pytest.mark.parametrize(
    ("language", "said"), [("nb", "stemmer med filene"), ("en", "agrees with")]
)
def test_people_are_told_in_both_languages(tonight: Path, language: str, said: str) -> None:
    result = run("verify", tonight, "--language", language)
    assert result.exit_code == 0
    assert said in result.stdout
    assert "{" not in result.stdout


def test_a_household_moved_to_a_place_that_is_full_breaks_a_rule(tonight: Path, plan: Path) -> None:
    """All are moved to one municipality; the rules it breaks are named, with where."""

    def crowd(frame: pd.DataFrame) -> None:
        frame["municipality"] = frame["municipality"].iloc[0]

    edit_table(plan / "plan.csv", crowd)
    found = findings(1, tonight, "--plan", plan)
    broken = {one["rule"] for one in found["rules.broken"]["broken"]}
    assert "places_this_year" in broken
    assert not any(code.startswith("bound") for code in found)
    said = run("verify", tonight, "--plan", plan, "--language", "en").stdout
    assert "Places this year: " in said


def test_a_household_taken_out_of_the_plan_changes_the_value(tonight: Path, plan: Path) -> None:
    edit_table(plan / "plan.csv", lambda f: f.loc.__setitem__((0, "municipality"), ""))
    found = findings(1, tonight, "--plan", plan)
    assert {"level_1.other", "level_2.other", "measures.other", "places.open"} <= set(found)


def test_a_day_moved_forward_is_found(tonight: Path, plan: Path) -> None:
    edit_table(plan / "plan.csv", lambda f: f.__setitem__("earliest", "2030-01-01"))
    found = findings(1, tonight, "--plan", plan)
    assert found["plan.dates"]["agrees"] is False
    assert "level_2.same" in found


def second(facts: dict[str, Any], **changes: object) -> None:
    facts["levels"][1].update(changes)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda f: second(f, value=f["levels"][1]["value"] + 0.001), "level_2.other"),
        (lambda f: second(f, value="much"), "level_2.other"),
        (lambda f: f.update(levels=[]), "level_1.other"),
        (lambda f: second(f, bound=f["levels"][1]["value"] - 1), "claims.below"),
        (lambda f: second(f, bound=2 * f["levels"][1]["value"]), "claims.gap"),
        (lambda f: f.update(outcome="gap"), "claims.outcome"),
        (lambda f: f["measures"].update(placed=0), "measures.other"),
        (lambda f: f["measures"]["terms"].update(stay=0.0), "measures.other"),
        (lambda f: f["hashes"].update(policy="0"), "policy.other"),
        (lambda f: f["hashes"].update(instance="0"), "instance.other"),
        (lambda f: f.update(placed_price=-5), "bound.unreadable"),
    ],
)
def test_anything_else_stated_than_the_files_give_is_found(
    tonight: Path, plan: Path, change: Callable[[dict[str, Any]], object], code: str
) -> None:
    edit_facts(plan, change)
    assert findings(1, tonight, "--plan", plan)[code]["agrees"] is False


@pytest.mark.parametrize("factor", [0.0, 0.5, 3.0])
def test_prices_that_were_changed_only_make_the_bound_looser(
    tonight: Path, plan: Path, factor: float
) -> None:
    """Nothing false comes of them: the plan's value stays below."""
    (before,) = (f for c, f in findings(0, tonight).items() if c.startswith("bound"))
    edit_table(
        plan / "prices.csv", lambda f: f.__setitem__("price", f["price"].astype(float) * factor)
    )
    found = findings(0, tonight, "--plan", plan)["bound.looser"]
    assert found["bound"] > before["bound"]
    assert found["stated"] == before["stated"]


@pytest.mark.parametrize(
    ("column", "cell"),
    [("rule", "nothing"), ("group", "999"), ("layer", "-1"), ("price", "-1")],
)
def test_prices_of_what_is_not_there_or_that_are_no_prices_are_refused(
    tonight: Path, plan: Path, column: str, cell: str
) -> None:
    edit_table(plan / "prices.csv", lambda f: f.__setitem__(column, [cell, *f[column].iloc[1:]]))
    assert findings(1, tonight, "--plan", plan)["bound.unreadable"]["why"]


def test_prices_that_are_no_numbers_are_named_with_their_file(tonight: Path, plan: Path) -> None:
    edit_table(
        plan / "prices.csv", lambda f: f.__setitem__("price", ["dear", *f["price"].iloc[1:]])
    )
    damaged = run("verify", tonight, "--plan", plan).exception
    assert isinstance(damaged, DamagedResultError)
    assert "prices.csv" in str(damaged)


def test_without_prices_the_rest_is_checked(tonight: Path, plan: Path) -> None:
    (plan / "prices.csv").unlink()
    assert findings(0, tonight, "--plan", plan)["bound.no_prices"]["agrees"] is None


def test_a_plan_without_a_bound_gets_one_from_its_prices(tonight: Path, tmp_path: Path) -> None:
    out = tmp_path / "greedy"
    assert run("plan", tonight, "--backend", "greedy", "--out", out).exit_code == 0
    found = findings(0, tonight, "--plan", out)["bound.unstated"]
    assert found["bound"] >= found["value"]


def test_the_files_of_another_night_are_told_from_those_of_the_plan(
    tonight: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    assert run("generate", "night", "--seed", 1, "--out", other).exit_code == 0
    found = findings(1, other, "--plan", tonight / "plan")
    assert found["instance.other"]["agrees"] is False


def test_a_file_changed_since_is_found(tonight: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(tonight, data)
    edit_table(data / "municipalities.csv", lambda f: f.__setitem__("decided", "900"))
    assert "instance.other" in findings(1, data)


def test_another_policy_than_the_plans_is_found(tonight: Path) -> None:
    assert "policy.other" in findings(1, tonight, "--policy", "speed-first")


def test_a_policy_of_ones_own_is_read_from_the_plan_or_from_its_file(
    tonight: Path, tmp_path: Path
) -> None:
    """Both are the one that the plan was made under; weights changed in the result are found."""
    own, out = tmp_path / "own.toml", tmp_path / "plan"
    own.write_text('extends = "speed-first"\nname = "own"\n', encoding="utf-8")
    words = ("plan", tonight, "--backend", "greedy", "--policy", own, "--out", out)
    assert run(*words).exit_code == 0
    assert "policy.same" in findings(0, tonight, "--plan", out)
    assert "policy.same" in findings(0, tonight, "--plan", out, "--policy", own)
    edit_facts(out, lambda f: f["policy_content"]["terms"].pop("speed"))
    assert "policy.other" in findings(1, tonight, "--plan", out)
