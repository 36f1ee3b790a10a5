"""Versions of the program and of the packages that its numbers depend on, without imports."""

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

PACKAGES = ("treffsikker", "highspy", "ortools", "pulp", "numpy", "scipy", "numba")
"""The program, its solvers, and the packages of arrays, sparse rows and compiled passes."""


def versions() -> Mapping[str, str]:
    """Return the versions of the program and of the packages that its numbers depend on, by name.

    With the same versions, a repeated solve gives the same numbers to the bit.
    """
    return {name: _version(name) for name in PACKAGES}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
