"""Cells as they are run: each in its own process, none harming another."""

import numpy as np
import pytest

from benchmarks.cell_progress import CellProgress
from benchmarks.meter import STATUS
from benchmarks.run import build_tasks, run_benchmarks
from matcher.solve import BACKENDS

pytestmark = pytest.mark.slow
STUBS = "tests.benchmarks.stubs"
NAMES = {
    "refused": f"{STUBS}:everyone_in_one_place",
    "failed": f"{STUBS}:raising",
    "crashed": f"{STUBS}:dying",
    "no plan": f"{STUBS}:giving_up",
    "unproved": f"{STUBS}:talking",
}

HELD_MB = 400
"""What the process that starts the cells holds meanwhile."""


@pytest.fixture(scope="module")
def measured():
    """One run in which almost every backend misbehaves, with what was told meanwhile."""
    steps: list[CellProgress] = []
    held = np.ones(HELD_MB * 2**20 // 8)
    rows = run_benchmarks(["small"], list(NAMES.values()), [3], seconds=5, on_step=steps.append)
    del held
    return {row.backend: row for row in rows}, steps


@pytest.mark.parametrize("outcome", NAMES)
def test_every_way_to_end_is_an_outcome_of_its_own_cell(measured, outcome):
    """Whatever one backend does, each of the others still gets its own row."""
    rows, _ = measured
    assert rows[NAMES[outcome]].outcome == outcome


def test_a_refused_plan_says_which_rules_it_breaks(measured):
    """A refusal carries its reason, and no value of the refused plan."""
    row = measured[0][NAMES["refused"]]
    assert "breaks" in row.message
    assert row.placed is row.value_1 is row.value_2 is None


def test_a_failed_backend_says_why(measured):
    """The backend's own error is in the row."""
    assert "the numbers ran out" in measured[0][NAMES["failed"]].message


def test_a_crash_tells_how_the_process_ended(measured):
    """Exit code 70 of the process is in the row."""
    assert "70" in measured[0][NAMES["crashed"]].message


def test_a_plan_without_bound_has_values_and_no_gap(measured):
    """What is measured of a baseline: queue, plan, times and memory, but nothing proved."""
    row = measured[0][NAMES["unproved"]]
    assert row.households == 40
    assert 0 < row.placed <= row.persons
    assert row.gap_1 is row.gap_2 is None
    assert row.total_seconds == pytest.approx(row.build_seconds + row.solve_seconds)
    assert row.cpu_seconds > 0


@pytest.mark.skipif(not STATUS.exists(), reason="the system does not tell a program's own peak")
def test_peak_memory_is_that_of_the_cell_alone(measured):
    """What the process that started the cell holds is not counted."""
    assert 20 < measured[0][NAMES["unproved"]].peak_mb < HELD_MB


def test_progress_tells_of_each_cell_before_and_after(measured):
    """Two steps a cell, the second with the row."""
    rows, steps = measured
    assert [step.number for step in steps] == [n for n in range(1, 6) for _ in range(2)]
    assert [step.row for step in steps[::2]] == [None] * 5
    assert [step.row for step in steps[1::2]] == list(rows.values())
    assert {step.total for step in steps} == {5}


def test_a_cell_that_does_not_end_is_ended():
    """A backend that ignores its limit costs its own row only."""
    (row,) = run_benchmarks(["small"], [f"{STUBS}:hanging"], [1], seconds=0.5, grace_seconds=0.5)
    assert row.outcome == "timed out"
    assert row.value_1 is None


def test_an_unknown_backend_is_refused_before_anything_is_measured():
    """The message names the unknown one and those that there are."""
    with pytest.raises(ValueError, match=r"'gredy'.*greedy"):
        build_tasks(["small"], ["gredy"], [1], 1, 0.001)


def test_an_unknown_case_is_refused_before_anything_is_measured():
    """The message names the unknown one and those that there are."""
    with pytest.raises(ValueError, match=r"'smal'.*small"):
        build_tasks(["smal"], ["greedy"], [1], 1, 0.001)


def test_a_case_without_backend_is_measured_once_a_seed():
    """Building depends on no backend, solving on each."""
    cells = build_tasks(["build_year", "small"], list(BACKENDS), [1, 2], 1, 0.001)
    labels = [(cell.case, cell.backend, cell.seed) for cell in cells]
    assert labels[:2] == [("build_year", "", 1), ("build_year", "", 2)]
    assert labels[2:] == [("small", name, seed) for seed in (1, 2) for name in BACKENDS]
