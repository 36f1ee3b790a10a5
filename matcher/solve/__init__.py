"""One way to solve: a problem, a backend by name, limits; out comes a checked result."""

from typing import TYPE_CHECKING

from matcher.lazily import lazily
from matcher.solve.result import Attempt, Level, Progress, Result, Stop

if TYPE_CHECKING:
    from matcher.solve.backends import BACKENDS, DEFAULT_BACKEND
    from matcher.solve.run import price, solve

__getattr__ = lazily(
    __name__,
    {
        "matcher.solve.backends": ("BACKENDS", "DEFAULT_BACKEND"),
        "matcher.solve.run": ("price", "solve"),
    },
)

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
