"""``python -m benchmarks.european``: a queue in blocks, measured."""

from functools import partial

import pytest
from typer.testing import CliRunner

from benchmarks.european import app
from matcher.solve.params.solver_params import BlockParams


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """Prices need not be good to be measured."""
    quick = partial(BlockParams, sample_passes=5, connect_timeout_seconds=0.3)
    monkeypatch.setattr("benchmarks.european.BlockParams", quick)


@pytest.mark.slow
def test_it_tells_who_is_placed_and_how_far_from_the_bound():
    """The last line is a row: nearly everyone placed, the value not above the bound."""
    words = ["--households", "300", "--regions", "40", "--in-block", "150", "--passes", "2"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    cells = [c.strip().replace(",", "") for c in result.stdout.splitlines()[-1].split("|")]
    placed, persons, value, bound, gap = map(float, cells[1:6])
    assert 0.9 * persons < placed <= persons
    assert 0 < value <= bound
    assert gap == pytest.approx(100 * (bound - value) / bound, abs=0.01)


def test_a_cluster_that_does_not_answer_is_told_in_one_sentence():
    """Exit code 1, and no traceback."""
    result = CliRunner().invoke(app, ["--households", "300", "--dask", "tcp://127.0.0.1:1"])
    assert result.exit_code == 1
    assert "no Dask scheduler answers" in result.output
