"""The commands of the stay model, from made-up data to a plan with one's own model."""

import json
import re

import pandas as pd
import pytest
from typer.testing import CliRunner

from matcher.cli.app import app
from matcher.stay.fitting.register import RegisterError

pytestmark = pytest.mark.slow
RUNNER = CliRunner()
ENGLISH = re.compile(r"\b(the|and|with|persons|everyone|within|settled)\b")
NORWEGIAN = re.compile(r"\b(og|med|personer|alle|innen|bosatt)\b")


def said(*words) -> str:
    result = RUNNER.invoke(app, ["stay", *map(str, words)])
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A register with a planted pair effect, and a model of it."""
    folder = tmp_path_factory.mktemp("stay")
    asked = ("--persons", 4000, "--pair", "school_soon=0.3", "--seed", 2)
    said("simulate", "--out", folder / "register.parquet", *asked)
    said("fit", folder / "register.parquet", "--out", folder / "model.json")
    return folder


def test_effects_are_shown_with_intervals():
    """Of table 4, in full, references marked."""
    rows = json.loads(said("show", "--json"))["effects"]
    women = next(r for r in rows if r["level"] == "woman")
    assert women["effect"] == 0.02
    assert women["low"] < 0.02 < women["high"]
    assert sum(r["reference"] for r in rows) == 12
    assert "Iran" in said("show", "--years", "5")


def test_the_comparison_is_printed_whole(tmp_path):
    """Every group and kind of municipality; drawn where asked."""
    out = json.loads(said("figures", "--json", "--plot", tmp_path / "plot.png"))
    assert len(out["groups"]) == 26
    assert len(out["places"]) == 24
    assert (tmp_path / "plot.png").stat().st_size > 1000


def test_simulated_registers_are_files_that_can_be_fitted(folder, tmp_path):
    """As CSV as well, with the same numbers."""
    out = tmp_path / "register.csv"
    said("simulate", "--out", out, "--persons", 4000, "--pair", "school_soon=0.3", "--seed", 2)
    one, other = (
        json.loads(said("fit", file, "--out", tmp_path / "m.json", "--json"))["hash"]
        for file in (out, folder / "register.parquet")
    )
    assert one == other


def test_a_model_is_judged_on_later_cohorts(folder, tmp_path):
    """Measures, bins, groups; gains where asked; plots where asked."""
    asked = (folder / "model.json", folder / "register.parquet")
    found = json.loads(said("evaluate", *asked, "--json", "--gains", "--plots", tmp_path))
    assert 0.1 < found["brier"] < found["brier_of_mean"] < 0.3
    assert len(found["bins"]) == 10
    assert set(found["gains"]) == {"plug_in", "inverse_propensity", "doubly_robust"}
    assert (tmp_path / "calibration.svg").exists()


def test_a_hazard_draws_survival(folder, tmp_path):
    """By age and by centrality."""
    model = tmp_path / "hazard.json"
    said("fit", folder / "register.parquet", "--out", model, "--method", "hazard")
    said("evaluate", model, folder / "register.parquet", "--plots", tmp_path)
    assert {p.name for p in tmp_path.glob("survival-*.svg")} == {
        "survival-age.svg",
        "survival-centrality.svg",
    }


def test_a_card_is_written(folder, tmp_path):
    """With what it was fitted and judged on."""
    out = tmp_path / "card.md"
    said("card", folder / "model.json", folder / "register.parquet", "--out", out)
    text = out.read_text()
    assert "settled 2010-2015" in text
    assert "settled 2016, later cohorts" in text


def test_a_plan_uses_a_fitted_model(folder, tmp_path):
    """From prediction to the reason that a ranking gives."""
    night = tmp_path / "night"
    assert RUNNER.invoke(app, ["generate", "small", "--out", str(night)]).exit_code == 0
    said("predict", folder / "model.json", night)
    table = pd.read_parquet(night / "probabilities.parquet")
    assert table["probability"].between(0, 1).all()
    assert table["probability"].nunique() > 100
    told = RUNNER.invoke(app, ["rank", str(night), "--language", "en"])
    assert "by an own model" in told.stdout


@pytest.mark.parametrize("command", ["show", "figures", "fit", "evaluate"])
def test_output_is_in_one_language(folder, tmp_path, command):
    """No English among the bokmål, no bokmål among the English."""
    register, model = folder / "register.parquet", folder / "model.json"
    words = {
        "show": (),
        "figures": (),
        "fit": (register, "--out", tmp_path / "m.json"),
        "evaluate": (model, register, "--gains"),
    }[command]
    assert not ENGLISH.findall(said(command, *words))
    assert NORWEGIAN.findall(said(command, *words))
    assert not NORWEGIAN.findall(said(command, *words, "--language", "en"))
    assert ENGLISH.findall(said(command, *words, "--language", "en"))


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("simulate", "--out", "register.txt"), "register.txt"),
        (("simulate", "--out", "r.csv", "--pair", "school_soon"), "school_soon"),
        (("simulate", "--out", "r.csv", "--pair", "sunshine=1"), "sunshine"),
        (("fit", "r.xlsx", "--out", "m.json"), "r.xlsx"),
    ],
)
def test_what_cannot_be_is_told(words, part):
    """By its name."""
    result = RUNNER.invoke(app, ["stay", *words])
    assert result.exit_code != 0
    assert part in str(result.exception)


def test_a_model_is_not_judged_on_what_it_has_seen(folder, tmp_path):
    """Fitted on all cohorts, there is none left."""
    model = tmp_path / "all.json"
    said("fit", folder / "register.parquet", "--out", model, "--until", 2016)
    asked = ["stay", "evaluate", str(model), str(folder / "register.parquet")]
    result = RUNNER.invoke(app, asked)
    assert isinstance(result.exception, RegisterError)
    assert "2017" in str(result.exception)
