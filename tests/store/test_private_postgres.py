"""Tests on PostgreSQL are skipped where there is none, but never in CI."""

import subprocess
import sys
from pathlib import Path

import pytest

PAGE = """
from tests.store import conftest
from tests.store.conftest import postgres
conftest.missing = lambda: "no PostgreSQL on this machine"
def test_on_postgresql(postgres):
    pass
"""


@pytest.mark.slow
@pytest.mark.parametrize(("ci", "outcome"), [("", "1 skipped"), ("true", "1 error")])
def test_without_postgresql(ci, outcome, tmp_path):
    """The summary has the reason."""
    (tmp_path / "test_page.py").write_text(PAGE, encoding="utf-8")
    root = Path(__file__).parents[2]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-rsE",
        "--import-mode=importlib",
        "-p",
        "no:cacheprovider",
        f"--rootdir={tmp_path}",
        str(tmp_path),
    ]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={"PYTHONPATH": str(root), "CI": ci},
        text=True,
        capture_output=True,
        check=False,
    )
    assert outcome in done.stdout
    assert "no PostgreSQL on this machine" in done.stdout
