"""``treffsikker plan DATA --dask local``: a plan through a cluster, checked like any other."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from matcher.cli.app import app

RUNNER = CliRunner()


def run(*words: object, code: int = 0) -> Result:
    result = RUNNER.invoke(app, [str(w) for w in words])
    assert result.exit_code == code, result.output
    return result


@pytest.fixture(scope="module")
def tonight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("blocks") / "tonight"
    run("generate", "small", "--seed", 1, "--out", folder)
    return folder


@pytest.mark.slow
def test_the_plan_is_written_with_prices_and_stands_up_to_the_checker(
    tonight: Path, tmp_path: Path
) -> None:
    """Values, bound and prices as in any plan: verify confirms them."""
    quick = tmp_path / "quick.toml"
    quick.write_text("[blocks]\nsample_passes = 10\n")
    run("plan", tonight, "--dask", "local", "--language", "en", "--solver-params", quick)
    facts = json.loads((tonight / "plan" / "result.json").read_text())
    assert facts["backend"] == "blocks"
    assert facts["solver_params"] == {"blocks": {"sample_passes": 10}}
    assert "confirms the stated bound" in run("verify", tonight, "--language", "en").output


def test_a_cluster_that_does_not_answer_ends_in_one_sentence(tonight: Path, tmp_path: Path) -> None:
    """The address is named, and how to start one."""
    quick = tmp_path / "quick.toml"
    quick.write_text("[blocks]\nconnect_timeout_seconds = 0.3\n")
    words = ["--dask", "tcp://127.0.0.1:1", "--solver-params", str(quick)]
    result = RUNNER.invoke(app, ["plan", str(tonight), *words])
    assert result.exit_code != 0
    assert "no Dask scheduler answers at 'tcp://127.0.0.1:1'" in str(result.exception)
