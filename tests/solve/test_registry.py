"""Backends by name: each a function that can be followed, whose library is loaded when it runs."""

import subprocess
import sys
from importlib.metadata import version

import pytest

from matcher.solve.backends import cbc
from matcher.solve.backends.registry import BACKENDS
from matcher.solve.level_problem import NO_SOLUTION
from matcher.solve.result import versions

HEAVY = ("highspy", "ortools", "pulp", "scipy", "numba", "pandas", "distributed")
LOADED_BY = {
    "highs": {"highspy", "scipy"},
    "cpsat": {"ortools", "scipy", "pandas"},
    "pulp": {"pulp", "scipy", "highspy"},
    "scip": {"ortools", "scipy"},
    "greedy": set(),
    "random": set(),
}
"""Heavy libraries that a backend needs; OR-Tools loads pandas, and PuLP HiGHS, for itself."""


def loaded_after(code):
    """Heavy libraries that a process of its own has loaded after some code."""
    script = f"import sys\n{code}\nprint(*[m for m in {HEAVY!r} if m in sys.modules])"
    command = [sys.executable, "-c", script]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_naming_the_backends_loads_no_solver():
    """Neither does the command that writes models, until it writes one."""
    code = "import matcher.solve, matcher.solve.model_file, matcher.solve.params.solver_params"
    assert loaded_after(code) == set()


@pytest.mark.slow
@pytest.mark.parametrize("name", LOADED_BY)
def test_a_backend_loads_its_own_solver_and_no_other(name):
    """On a small program."""
    code = (
        "from matcher.problem.problem import Problem\n"
        "from matcher.solve.backends.registry import BACKENDS\n"
        "from matcher.solve.stopping import StopCriteria\n"
        "from tests.random_instances import random_instance\n"
        "program = Problem.of(random_instance(1, 6, 3, bars=0.2, room=0.5)).program\n"
        "assert program.feasible_pairs.any()\n"
        f"BACKENDS[{name!r}](program, StopCriteria(20.0, 0.0), 1, lambda _: None)"
    )
    baseline = loaded_after("from tests.random_instances import random_instance")
    allowed = LOADED_BY[name] | baseline | ({"pandas"} if "ortools" in LOADED_BY[name] else set())
    loaded = loaded_after(code)
    assert LOADED_BY[name] - {"pandas"} <= loaded <= allowed


def test_every_backend_is_called_in_the_same_way():
    """By program, limits, seed and progress."""
    assert all(callable(backend) for backend in BACKENDS.values())
    assert set(BACKENDS) == {*LOADED_BY, "priced"}


def test_cbc_cancelled_before_it_starts_is_never_asked(monkeypatch, small_level):
    """Nothing is returned, and no model is built."""
    monkeypatch.setattr(cbc, "build_level_model", None)
    assert cbc.maximise(small_level(cancelled=lambda: True)) == NO_SOLUTION


def test_versions_name_whatever_numbers_depend_on():
    """As they are installed."""
    for name in ("highspy", "ortools", "pulp", "numpy", "scipy", "numba", "treffsikker"):
        assert versions()[name] == version(name)
