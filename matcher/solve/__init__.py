"""One way to solve: a problem, a backend by name, limits; out comes a checked result."""

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
