"""Registry of the solver backends, by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import ClassVar, Protocol, runtime_checkable

from matcher.problem.program import Program
from matcher.solve.backends.greedy import greedy
from matcher.solve.backends.random_placement import place_randomly
from matcher.solve.result import Backend, BackendResult, Progress, StopCriteria
from matcher.solve.warm_start import WarmStart


@runtime_checkable
class WarmStartBackend(Protocol):
    """A backend that can start from an earlier plan."""

    accepts_warm_start: ClassVar[bool]

    def __call__(
        self,
        program: Program,
        stop: StopCriteria,
        seed: int,
        progress: Callable[[Progress], None],
        warm: WarmStart | None = None,
    ) -> BackendResult:
        """Solve within the limits, starting from ``warm`` when it is given."""
        ...


@dataclass(frozen=True, slots=True)
class LexicographicBackend:
    """A backend that maximises level 1, then level 2; its solver is imported at the first call.

    Parameters
    ----------
    module : str
        Module of this package whose ``maximise`` solves one level.
    """

    accepts_warm_start: ClassVar[bool] = True

    module: str

    def __call__(
        self,
        program: Program,
        stop: StopCriteria,
        seed: int,
        progress: Callable[[Progress], None],
        warm: WarmStart | None = None,
    ) -> BackendResult:
        """Solve within the limits, starting from ``warm`` when it is given."""
        levels = import_module("matcher.solve.lexicographic")
        maximise = import_module(f"matcher.solve.{self.module}").maximise
        attempt: BackendResult = levels.Lexicographic(maximise)(program, stop, seed, progress, warm)
        return attempt


BACKENDS: Mapping[str, Backend] = {
    "priced": LexicographicBackend("priced.search"),
    "highs": LexicographicBackend("backends.highs"),
    "cpsat": LexicographicBackend("backends.cpsat"),
    "pulp": LexicographicBackend("backends.cbc"),
    "scip": LexicographicBackend("backends.scip"),
    "greedy": greedy,
    "random": place_randomly,
}
"""Backends by the name under which they are chosen.

The default for large queues: ``priced``.
Solvers of the whole program at once: ``highs``, ``cpsat``, ``pulp`` (CBC), ``scip``.
Baselines: ``greedy`` by waiting time, ``random``.
"""
DEFAULT_BACKEND = "priced"
