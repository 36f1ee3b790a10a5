"""Solve a problem with a backend chosen by name, within limits, and return a checked result."""

from matcher.solve.backends.registry import BACKENDS, DEFAULT_BACKEND
from matcher.solve.params.solver_params import SolverParams
from matcher.solve.result import BackendResult, Level, Result
from matcher.solve.solver import price_places, solve
from matcher.solve.stopping import Progress, StopCriteria
from matcher.solve.warm_start import WarmStart

__all__ = [
    "BACKENDS",
    "DEFAULT_BACKEND",
    "BackendResult",
    "Level",
    "Progress",
    "Result",
    "SolverParams",
    "StopCriteria",
    "WarmStart",
    "price_places",
    "solve",
]
