"""The command as a new user meets it, on real municipalities and a small queue."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from matcher import Problem, read
from matcher.cli.app import app, main
from matcher.problem.program import UNPLACED
from matcher.problem.score import score
from matcher.report.results import read_result
from matcher.solve import BACKENDS, BackendResult

RUNNER = CliRunner()


def run(*words: object) -> Result:
    return RUNNER.invoke(app, [str(w) for w in words])


@pytest.fixture(scope="module")
def tonight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("command") / "tonight"
    assert run("generate", "small", "--seed", 7, "--out", folder).exit_code == 0
    assert run("plan", folder, "--seconds", 30).exit_code == 0
    return folder


Ended = Callable[..., tuple[object, str]]


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ended:
    """Run the command to an end that is no success: its exit code and error stream."""

    def end(*words: object) -> tuple[object, str]:
        monkeypatch.setattr("sys.argv", ["treffsikker", *(str(w) for w in words)])
        with pytest.raises(SystemExit) as stopped:
            main()
        return stopped.value.code, capsys.readouterr().err

    return end


def as_json(*words: object) -> object:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_generate_says_how_far_the_composition_is_and_what_to_do_next(tmp_path: Path) -> None:
    result = run("generate", "small", "--out", tmp_path / "q", "--language", "en")
    assert "percentage points off" in result.stdout
    assert "Next: treffsikker check" in result.stdout


def test_the_same_seed_writes_the_same_files(tmp_path: Path) -> None:
    for name in ("one", "other"):
        assert run("generate", "small", "--seed", 3, "--out", tmp_path / name).exit_code == 0
    names = {p.name for p in (tmp_path / "one").iterdir()}
    assert names == {p.name for p in (tmp_path / "other").iterdir()}
    for name in names:
        one, other = (tmp_path / folder / name for folder in ("one", "other"))
        assert one.read_bytes() == other.read_bytes(), name


@pytest.mark.slow
def test_check_of_sound_files_ends_with_0(tonight: Path) -> None:
    result = run("check", tonight, "--language", "en")
    assert result.exit_code == 0
    assert "No errors, 0 warnings" in result.stdout
    checked: Any = as_json("check", tonight, "--language", "en")
    unmapped = checked.pop("unmapped")
    assert checked == {"errors": 0, "warnings": 0, "faults": []}
    assert f"not mapped for {unmapped['households']} household" in result.stdout
    assert len(unmapped["least_known"]) == 3
    for entry in unmapped["least_known"]:
        assert entry["unmapped"]
        assert f"\n{entry['household']}\n  Not mapped: " in result.stdout
        assert all(q["text"] in result.stdout for q in entry["questions"][:1] if q["text"])


@pytest.fixture(scope="module")
def broken(tonight: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files with a date and an age that cannot be."""
    broken = tmp_path_factory.mktemp("broken")
    for path in tonight.glob("*.*"):
        if path.is_file():
            (broken / path.name).write_bytes(path.read_bytes())
    households = pd.read_csv(broken / "households.csv", dtype=str)
    households.loc[0, "ready_since"] = "yesterday"
    households.to_csv(broken / "households.csv", index=False)
    members = pd.read_csv(broken / "members.csv", dtype=str)
    members.loc[1, "age"] = "180"
    members.to_csv(broken / "members.csv", index=False)
    return broken


def test_check_of_broken_files_lists_every_fault_and_ends_with_1(broken: Path) -> None:
    result = run("check", broken, "--json")
    found = json.loads(result.stdout)
    faults = [f for f in found["faults"] if f["severity"] == "error"]
    assert result.exit_code == 1
    assert (found["errors"], found["warnings"]) == (2, len(found["faults"]) - 2)
    assert {(f["file"], f["row"], f["column"], f["value"]) for f in faults} == {
        ("households.csv", 2, "ready_since", "yesterday"),
        ("members.csv", 3, "age", "180"),
    }
    assert all(f["advice"] for f in faults)


def test_plan_writes_the_plan_the_result_the_prices_and_a_report(tonight: Path) -> None:
    names = {p.name for p in (tonight / "plan").iterdir()}
    assert names == {"plan.csv", "prices.csv", "report.html", "result.json"}


@pytest.mark.parametrize("ending", ["xlsx", "parquet"])
def test_a_plan_can_be_written_for_excel_and_parquet_and_read_back(
    tonight: Path, tmp_path: Path, ending: str
) -> None:
    out = tmp_path / ending
    words = ("plan", tonight, "--backend", "greedy", "--out", out, "--format", ending)
    assert run(*words).exit_code == 0
    compared = as_json("compare", out, out)
    assert compared == {"changes": [], "measures": None, "gain": None, "points_when_made": {}}


def test_the_plan_as_json_carries_values_bounds_versions_and_hashes(tonight: Path) -> None:
    facts = json.loads((tonight / "plan" / "result.json").read_text())
    assert facts["outcome"] == "proved"
    assert facts["levels"][1]["gap"] <= facts["asked_gap"]
    assert set(facts["hashes"]) == {"instance", "policy"}
    assert facts["versions"]["highspy"].startswith("1.13")


def test_no_plan_in_time_is_said_clearly_and_ends_with_3(
    tonight: Path, monkeypatch: pytest.MonkeyPatch, ended: Ended
) -> None:
    monkeypatch.setitem(cast(dict[str, object], BACKENDS), "priced", lambda *_: BackendResult(None))
    words = ("plan", tonight, "--seconds", 1, "--out", tonight / "none", "--language", "en")
    code, told = ended(*words)
    assert code == 3
    assert "No plan within the time limit of 1 s" in told
    assert not (tonight / "none").exists()


def test_rank_gives_every_municipality_with_reasons_for_the_barred_ones(tonight: Path) -> None:
    ranking = as_json("rank", tonight, "--household", "H-0001")
    assert isinstance(ranking, dict)
    options = ranking["options"]
    assert len(options) == 20
    assert [o["rank"] for o in options] == list(range(1, 21))
    assert all(bool(o["broken"]) != o["allowed"] for o in options)
    assert all(v["sentence"] for o in options for v in o["broken"])


def test_rank_orders_the_allowed_by_points_for_everyones_good(tonight: Path) -> None:
    ranking = as_json("rank", tonight, "--household", "H-0001")
    assert isinstance(ranking, dict)
    net = [round(o["net"]) for o in ranking["options"] if o["allowed"]]
    assert net == sorted(net, reverse=True)


def test_explain_says_where_and_why_not_elsewhere(tonight: Path) -> None:
    told = as_json("explain", tonight, "--household", "H-0001", "--municipality", "0301")
    assert isinstance(told, dict)
    there = told["not_there"]
    assert there["broken"] or there["difference"]


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("command", ["rank", "explain"])
def test_people_are_answered_in_both_languages(tonight: Path, command: str, language: str) -> None:
    result = run(command, tonight, "--household", "H-0002", "--language", language)
    assert result.exit_code == 0, result.output
    assert ("mulige" if language == "nb" else "possible") in result.stdout


def test_compare_measures_two_plans_in_units_people_know(tonight: Path, tmp_path: Path) -> None:
    other = tmp_path / "greedy"
    assert run("plan", tonight, "--backend", "greedy", "--out", other).exit_code == 0
    compared = as_json("compare", other, tonight / "plan", "--data", tonight)
    assert isinstance(compared, dict)
    points = next(m for m in compared["measures"] if m["measure"] == "points")
    placed = next(m for m in compared["measures"] if m["measure"] == "placed")
    assert (placed["second"], points["second"]) >= (placed["first"], points["first"])


def test_compare_tells_apart_what_a_plans_points_owe_to_other_files(
    tonight: Path, tmp_path: Path
) -> None:
    """One more decided place moves targets: both plans are measured by the same ones."""
    changed = tmp_path / "changed"
    shutil.copytree(tonight, changed, ignore=shutil.ignore_patterns("plan"))
    municipalities = pd.read_csv(changed / "municipalities.csv", dtype=str)
    decided = municipalities["decided"].astype(int)
    decided.iloc[0] += 1
    municipalities.assign(decided=decided).to_csv(changed / "municipalities.csv", index=False)
    plan = tonight / "plan"
    made = json.loads((plan / "result.json").read_text())["measures"]["points"]
    compared = as_json("compare", plan, plan, "--data", changed)
    assert isinstance(compared, dict)
    assert compared["points_when_made"] == {"first": made, "second": made}
    points = next(m for m in compared["measures"] if m["measure"] == "points")
    assert points["difference"] == 0
    assert points["first"] != made
    told = run("compare", plan, plan, "--data", changed, "--language", "en").stdout
    assert told.count("is because the files differ, targets of dispersion above all") == 2
    unchanged = as_json("compare", plan, plan, "--data", tonight)
    assert isinstance(unchanged, dict)
    assert unchanged["points_when_made"] == {}


def test_compare_tells_what_a_gain_in_stayers_comes_from(tonight: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    assert run("plan", tonight, "--backend", "greedy", "--out", other).exit_code == 0
    compared = as_json("compare", other, tonight / "plan", "--data", tonight)
    assert isinstance(compared, dict)
    gain = compared["gain"]
    parts = [gain[part] for part in ("placing", "filling", "matching")]
    assert all(part["low"] <= part["value"] <= part["high"] for part in parts)
    whole = sum(part["value"] for part in parts) + gain["clipped"]
    assert whole == pytest.approx(gain["stayers"])
    words = ("compare", other, tonight / "plan", "--data", tonight, "--language", "en")
    assert "from who goes where" in run(*words).stdout


def test_fairness_tells_of_groups_of_what_shines_through_and_of_drift(tonight: Path) -> None:
    told = as_json("fairness", tonight)
    assert isinstance(told, dict)
    everyone, *others = told["groups"]
    assert everyone["dimension"] == "everyone"
    assert everyone["persons"] == 87
    assert {g["dimension"] for g in others} == {"sex", "age", "household_type", "origin"}
    assert all(g["persons"] is None or g["persons"] >= 5 for g in others)
    assert {f["fact"] for f in told["audit"]} == {"sex", "origin", "ground"}
    assert "protection" in {a["kind"] for a in told["alarms"]}


def test_fairness_without_a_plan_says_how_to_make_one(tmp_path: Path, ended: Ended) -> None:
    bare = tmp_path / "bare"
    assert run("generate", "small", "--out", bare).exit_code == 0
    code, told = ended("fairness", bare)
    assert code == 2
    assert f"treffsikker plan {bare}" in told


def test_rules_lists_what_is_on_and_what_is_off() -> None:
    book = as_json("rules", "--language", "en")
    assert isinstance(book, dict)
    state = {r["id"]: r["on"] for r in book["rules"]}
    assert state["lar"] is True
    assert state["concentration"] is False
    parameters = {r["id"]: r["parameters"] for r in book["rules"]}
    assert parameters["concentration"] == {}
    assert all(isinstance(p, dict) for p in parameters.values())
    assert any(p for p in parameters.values())


def test_the_model_can_be_written_as_an_lp_file(tonight: Path, tmp_path: Path) -> None:
    model = tmp_path / "model.lp"
    words = ("plan", tonight, "--backend", "greedy", "--out", tmp_path / "p", "--write-lp", model)
    assert run(*words).exit_code == 0
    assert "Maximize" in model.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("rank", "{data}", "--household", "H-9999"), "H-9999"),
        (("explain", "{data}", "--municipality", "9999"), "9999"),
        (("plan", "{data}", "--backend", "nope"), "priced, highs"),
        (("plan", "{data}", "--policy", "nope"), "default, speed-first"),
        (("generate", "nope", "--out", "{data}x"), "busy-night"),
        (("compare", "{data}", "{data}"), "treffsikker plan"),
    ],
)
def test_wrong_usage_names_the_value_advises_and_ends_with_2(
    tonight: Path, words: tuple[str, ...], said: str, ended: Ended
) -> None:
    code, told = ended(*(w.format(data=tonight) for w in words))
    assert code == 2
    assert said in told


def test_the_plan_of_the_files_is_the_plan_that_was_scored(tonight: Path) -> None:
    problem, saved = Problem.of(read(tonight)), read_result(tonight / "plan")
    choice = problem.to_choice(saved.plan)
    assert (choice != UNPLACED).any()
    found = score(problem.program, choice)
    assert not found.broken_rules
    assert found.points == pytest.approx(saved.facts["levels"][1]["value"])
