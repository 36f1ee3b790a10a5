"""Names of a package that are loaded when they are first asked for."""

import subprocess
import sys
from importlib import import_module

import pytest

from matcher.lazily import lazy_getattr

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


def test_a_name_is_found_where_it_comes_from():
    """And one that is not listed is missing, in the usual words."""
    load = lazy_getattr("somewhere", {"math": ("pi", "tau")})
    assert load("pi") == pytest.approx(3.14159, abs=1e-5)
    with pytest.raises(AttributeError, match="'somewhere' has no attribute 'e'"):
        load("e")


def test_a_name_that_a_module_would_hide_is_refused():
    """Whoever loads ``package.night`` finds the module there from then on, not the function."""
    with pytest.raises(ValueError, match="night of package would be hidden"):
        lazy_getattr("package", {"package.nightly": ("night",), "package.night": ("Night",)})


@pytest.mark.parametrize("named", PACKAGES)
def test_every_name_of_a_package_is_there_and_is_no_module(named):
    """Asked for twice: the first time may load a module that hides the second."""
    package = import_module(named)
    for name in [*package.__all__, *package.__all__]:
        assert not isinstance(getattr(package, name), type(sys)), name


def test_the_service_starts_without_solvers_and_readers_of_files():
    """In a process of its own: what is loaded here already would hide it."""
    code = f"import sys, api; print([m for m in {HEAVY!r} if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
