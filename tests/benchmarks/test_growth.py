"""Ever larger queues: who is asked when, and the picture of it."""

import pytest

from benchmarks import growth
from benchmarks.growth import case_for_size, measure_growth, reached_time_limit
from benchmarks.growth_plot import draw_growth
from benchmarks.row import FAILED_OUTCOMES, Row, Task
from tests.benchmarks.made import proved

LIMIT = 10.0
SIZES = (40, 150, 300)
SLOW = {"highs": 150, "priced": 150, "lp": 40}
"""Households from which each runs into the limit here."""


@pytest.fixture
def asked(monkeypatch):
    """Measure nothing, and keep what was asked."""
    cells = []

    def measure(task, *_):
        cells.append((task.backend, int(task.case.partition(":")[2]), task.seed))
        late = SLOW.get(task.backend, 10**9) <= cells[-1][1]
        outcome = ("loose bound" if task.backend == "lp" else "gap") if late else "proved"
        return Row(task.case, task.backend, task.seed, outcome, solve_seconds=9.0 if late else 1.0)

    monkeypatch.setattr(growth, "measure_cell", measure)
    return cells


def test_who_ran_into_its_limit_is_asked_no_more(asked):
    """HiGHS ends at 150, with all its seeds; the one that is asked throughout and the LP go on."""
    cells = [
        Task(case_for_size(size), backend, seed, LIMIT, 0.001)
        for size in SIZES
        for seed in (1, 2)
        for backend in ("lp", "priced", "highs", "scip")
    ]
    rows = list(measure_growth(cells, 0.0, exempt_backends=("priced",)))
    reached = {name: [s for b, s, seed in asked if b == name and seed == 2] for name, *_ in asked}
    assert reached == {"lp": [*SIZES], "priced": [*SIZES], "highs": [40, 150], "scip": [*SIZES]}
    assert len(rows) == len(asked)


@pytest.mark.parametrize("outcome", FAILED_OUTCOMES)
def test_a_cell_without_a_plan_counts_as_the_limit(outcome):
    """A larger queue would do no better."""
    assert reached_time_limit(Row("night:40", "highs", 1, outcome), LIMIT)


def test_a_backend_that_gives_up_early_has_not_run_into_its_limit():
    """A baseline takes a second and proves nothing; it can be asked at any size."""
    assert not reached_time_limit(proved(outcome="unproved", solve_seconds=1.0), LIMIT)
    assert reached_time_limit(proved(outcome="gap", solve_seconds=9.9), LIMIT)
    assert not reached_time_limit(proved(solve_seconds=9.9), LIMIT)


@pytest.mark.parametrize(
    ("size", "case"),
    [(40, "small:40"), (41, "night:41"), (5000, "backlog:5000"), (170_000, "crisis:170000")],
)
def test_a_size_has_a_profile_that_makes_such_queues(size, case):
    """Places of a small queue would not do for a large one."""
    assert case_for_size(size) == case


@pytest.mark.slow
def test_the_picture_names_every_backend_and_size(tmp_path):
    """Twice drawn it is the same to the byte."""
    rows = [
        proved(name, case=f"night:{size}", households=size, total_seconds=size, gap_2=gap)
        for name, gap in (("priced", 0.0), ("highs", 0.01), ("lp", None))
        for size in SIZES
    ]
    paths = [tmp_path / name for name in ("one.svg", "other.svg")]
    assert all(draw_growth(rows, path, "At most 10 s.") for path in paths)
    one, other = (path.read_text(encoding="utf-8") for path in paths)
    assert one == other
    for text in ("priced", "highs", "lp", "40", "150", "300", "At most 10 s."):
        assert f">{text}</text>" in one


def test_nothing_is_drawn_of_nothing(tmp_path):
    """A run that was interrupted at once leaves no empty picture."""
    assert not draw_growth([Row("night:40", "highs", 1, "crashed")], tmp_path / "no.svg")
    assert not (tmp_path / "no.svg").exists()
