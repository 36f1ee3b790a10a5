"""Names of a package that are imported when they are first used."""

import subprocess
import sys
from importlib import import_module

import pytest

HEAVY = (
    "distributed",
    "highspy",
    "numba",
    "ortools",
    "pandas",
    "pandera",
    "pulp",
    "pyarrow",
    "scipy",
    "xlsxwriter",
)
PACKAGES = (
    "matcher",
    "matcher.jobs.night",
    "matcher.solve",
    "matcher.files",
    "matcher.report",
    "matcher.analysis.what_if",
)


@pytest.mark.parametrize("named", PACKAGES)
def test_every_name_of_a_package_is_there_and_is_no_module(named):
    """Asked for twice: the first time may load a module that hides the second."""
    package = import_module(named)
    assert package.__all__
    for name in [*package.__all__, *package.__all__]:
        assert not isinstance(getattr(package, name), type(sys)), name


def test_a_name_that_a_package_does_not_have_is_missing():
    """In the usual words, so that ``hasattr`` and a misspelt import behave."""
    with pytest.raises(ImportError, match="cannot import name 'plan_all' from 'matcher'"):
        from matcher import plan_all  # type: ignore[attr-defined]  # noqa: F401, PLC0415


@pytest.mark.slow
@pytest.mark.parametrize("code", ["import matcher", "from matcher import Policy", "import api"])
def test_what_needs_no_solver_or_file_reader_loads_none(code):
    """In a process of its own: what is loaded here already would hide it."""
    code = f"{code}; import sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"


def test_the_function_solve_is_not_hidden_by_its_package():
    """``matcher.solve`` is a package too: importing a part must not hide the function."""
    code = "import matcher.solve.solver; s = matcher.solve; print(s.__name__, s.__module__)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["solve", "matcher.solve.solver"]
