"""One way to solve: a problem, a backend by name, limits; out comes a checked result."""

from typing import TYPE_CHECKING

from matcher.lazily import lazily
from matcher.solve.result import Attempt, Level, Progress, Result, Stop
from matcher.solve.run import price, solve

__all__ = [
    "BACKENDS",
    "DEFAULT_BACKEND",
    "Attempt",
    "Level",
    "Progress",
    "Result",
    "Stop",
    "price",
    "solve",
]
