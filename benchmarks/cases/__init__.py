"""The cases, a file each; the file's docstring says what the case is for."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from benchmarks.kinds import Case


def case_names() -> tuple[str, ...]:
    """Name the cases there are, in alphabetical order."""
    return tuple(sorted(module.name for module in iter_modules(__path__)))


def case_of(name: str) -> Case:
    """Give a case by name.

    Raises
    ------
    ValueError
        When there is no such case.
    """
    case: Case = _module(name).CASE
    return case


def purpose(name: str) -> str:
    """Say what a case is for, in the words of its file."""
    return (_module(name).__doc__ or "").strip()


def _module(name: str) -> Any:
    if name not in case_names():
        raise ValueError(f"no case called {name!r}; there are {', '.join(case_names())}")
    return import_module(f"{__name__}.{name}")
