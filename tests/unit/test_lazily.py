"""Names that are loaded late are what they say, whatever was loaded before."""

import pkgutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import matcher

ROOT = Path(matcher.__file__).parent
LATE = [p.parent for p in ROOT.rglob("__init__.py") if "lazily(" in p.read_text("utf-8")]
PACKAGES = [".".join(p.relative_to(ROOT.parent).parts) for p in sorted(LATE)]


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_takes_the_place_of_what_is_loaded_late(package):
    """Though all modules have been loaded, and some have the same name."""
    found = import_module(package)
    for info in pkgutil.iter_modules(found.__path__):
        import_module(f"{package}.{info.name}")
    wrong = [name for name in found.__all__ if isinstance(getattr(found, name), ModuleType)]
    assert wrong == []


def test_the_package_itself_is_loaded_late():
    """Or nothing was held."""
    assert {"matcher", "matcher.solve", "matcher.batch"} <= set(PACKAGES)


def test_what_the_readme_imports_is_what_it_says():
    """In a Python that has loaded nothing yet."""
    program = "from matcher import Policy, Problem, read, solve, rank; print(solve.__name__)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout == "solve\n", done.stderr
