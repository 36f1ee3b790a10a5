"""``treffsikker plan DATA --dask local``: a plan through a cluster, checked like any other."""

import json
from importlib import import_module
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


def test_the_plan_is_written_with_prices_and_stands_up_to_the_checker(
    tonight: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Values, bound and prices as in any plan: verify confirms them."""
    monkeypatch.setattr(
        import_module("matcher.solve.decomposed.block_solver"), "PASSES_PER_SAMPLED_STAGE", 10
    )
    run("plan", tonight, "--dask", "local", "--language", "en")
    facts = json.loads((tonight / "plan" / "result.json").read_text())
    assert facts["backend"] == "blocks"
    assert "confirms the stated bound" in run("verify", tonight, "--language", "en").output


def test_a_cluster_that_does_not_answer_ends_in_one_sentence(
    tonight: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address is named, and how to start one."""
    monkeypatch.setattr(
        import_module("matcher.solve.decomposed.executors"), "CONNECT_TIMEOUT_SECONDS", 0.3
    )
    result = RUNNER.invoke(app, ["plan", str(tonight), "--dask", "tcp://127.0.0.1:1"])
    assert result.exit_code != 0
    assert "no Dask scheduler answers at 'tcp://127.0.0.1:1'" in str(result.exception)
