"""Solve a problem with a backend chosen by name, within limits, and return a checked result."""

from matcher.solve.backends import BACKENDS, DEFAULT_BACKEND
from matcher.solve.result import Attempt, Level, Progress, Result, Stop
from matcher.solve.run import price, solve
from matcher.solve.warm import Warm

__all__ = [
    "BACKENDS",
    "DEFAULT_BACKEND",
    "Attempt",
    "Level",
    "Progress",
    "Result",
    "Stop",
    "Warm",
    "price",
    "solve",
]
