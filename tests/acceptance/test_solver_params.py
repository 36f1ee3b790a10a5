"""``treffsikker plan --solver-params FILE``: what steers the solver, from a file."""

import json

import pytest
from typer.testing import CliRunner

from matcher.cli.app import app
from matcher.domain.errors import SolverParamsError

RUNNER = CliRunner()


def test_the_file_is_used_and_what_it_changes_is_recorded(tmp_path):
    """The plan is proved as always; its facts have the changes, and nothing else."""
    folder, params = tmp_path / "tonight", tmp_path / "my.toml"
    assert RUNNER.invoke(app, ["generate", "small", "--out", str(folder)]).exit_code == 0
    params.write_text("[priced.cuts]\nmax_pairs = 0\nmax_cosine = 0.5\n")
    words = ["plan", str(folder), "--solver-params", str(params)]
    assert RUNNER.invoke(app, words).exit_code == 0
    facts = json.loads((folder / "plan" / "result.json").read_text())
    assert facts["outcome"] == "proved"
    assert facts["solver_params"] == {"priced": {"cuts": {"max_pairs": 0}}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[priced.cuts]\nmax_pair = 0\n", "priced.cuts.max_pair does not exist; did you mean max_"),
        ("[backends]\nthreads = 0\n", "BackendParams.threads must be a whole number, 1 or more"),
    ],
)
def test_a_wrong_file_is_refused_before_any_other_is_read(tmp_path, text, message):
    """In one sentence, though the folder does not exist."""
    params = tmp_path / "my.toml"
    params.write_text(text)
    words = ["plan", str(tmp_path / "nowhere"), "--solver-params", str(params)]
    error = RUNNER.invoke(app, words).exception
    assert isinstance(error, SolverParamsError)
    assert message in str(error)
