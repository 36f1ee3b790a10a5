"""``treffsikker plan DATA --from FOLDER``: planning again from an earlier plan."""

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from matcher import Problem, read
from matcher.cli.app import app
from matcher.report.results import read_result
from matcher.report.warm_start import warm_start

RUNNER = CliRunner()


def run(*words: object, code: int = 0) -> Result:
    result = RUNNER.invoke(app, [str(w) for w in words])
    assert result.exit_code == code, result.output
    return result


@pytest.fixture(scope="module")
def tonight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("from") / "tonight"
    run("generate", "small", "--seed", 1, "--out", folder)
    run("plan", folder, "--seconds", 30)
    return folder


def places(folder: Path) -> dict[str, str]:
    frame = pd.read_csv(folder / "plan.csv", dtype=str)
    return dict(zip(frame["household"], frame["municipality"], strict=True))


@pytest.mark.slow
def test_the_same_files_again_move_nobody(tonight: Path, tmp_path: Path) -> None:
    """The plan, its gap and what it proves are the same."""
    again = tmp_path / "again"
    run("plan", tonight, "--seconds", 30, "--from", tonight / "plan", "--out", again)
    assert places(again) == places(tonight / "plan")
    first, second = (json.loads((f / "result.json").read_text()) for f in (tonight / "plan", again))
    assert second["outcome"] == first["outcome"] == "proved"
    run("verify", tonight, "--plan", again)


@pytest.mark.slow
def test_another_queue_is_planned_all_the_same(tonight: Path, tmp_path: Path) -> None:
    """Households that are not in the plan are placed; those no longer there are left out."""
    other = tmp_path / "other"
    run("generate", "small", "--seed", 2, "--out", other)
    run("plan", other, "--seconds", 30, "--from", tonight / "plan")
    run("verify", other)
    assert len(places(other / "plan")) > 30


def test_a_folder_without_a_plan_is_told(tonight: Path, tmp_path: Path) -> None:
    """The message names the folder."""
    result = RUNNER.invoke(app, ["plan", str(tonight), "--from", str(tmp_path)])
    assert result.exit_code != 0
    assert str(tmp_path) in str(result.exception)


def test_saved_prices_come_back_in_the_shape_of_the_same_files(tonight: Path) -> None:
    """What is saved by municipality and layer stands where it stood."""
    saved, problem = read_result(tonight / "plan"), Problem.of(read(tonight))
    warm, exact = warm_start(saved, problem), saved.prices_for(problem)
    assert warm.prices is not None
    assert exact is not None
    for one, other in zip(warm.prices.resources, exact.resources, strict=True):
        assert one == pytest.approx(other)
    for one, other in zip(warm.prices.spreads, exact.spreads, strict=True):
        assert one == pytest.approx(other)
