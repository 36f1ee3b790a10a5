"""Versions of the program and of its solvers, read without importing them."""

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version


def versions() -> Mapping[str, str]:
    """Return the versions of the program and of its solvers, by package name."""
    return {name: _version(name) for name in ("treffsikker", "highspy", "ortools", "pulp", "numpy")}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
