"""Versions of the program and of what it computes with, told without loading any of it."""

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version


def versions() -> Mapping[str, str]:
    """Give the versions of the program and of what it computes with."""
    return {name: _version(name) for name in ("treffsikker", "highspy", "ortools", "pulp", "numpy")}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
