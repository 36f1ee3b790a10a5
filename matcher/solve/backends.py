"""Registry of the solver backends, by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import ClassVar, Protocol, runtime_checkable

from matcher.program import Program
from matcher.solve.greedy import greedy
from matcher.solve.result import Attempt, Backend, Progress, Stop
from matcher.solve.shuffled import shuffled
from matcher.solve.warm import Warm


@runtime_checkable
class WarmBackend(Protocol):
    """A backend that can start from an earlier plan."""

    can_be_warm: ClassVar[bool]

    def __call__(
        self,
        program: Program,
        stop: Stop,
        seed: int,
        progress: Callable[[Progress], None],
        warm: Warm | None = None,
    ) -> Attempt:
        """Solve within the limits, starting from ``warm`` when it is given."""
        ...


@dataclass(frozen=True, slots=True)
class ByLevel:
    """A backend that maximises level 1, then level 2; its solver is imported at the first call.

    Parameters
    ----------
    module : str
        Module of this package whose ``maximise`` solves one level.
    """

    can_be_warm: ClassVar[bool] = True

    module: str

    def __call__(
        self,
        program: Program,
        stop: Stop,
        seed: int,
        progress: Callable[[Progress], None],
        warm: Warm | None = None,
    ) -> Attempt:
        """Solve within the limits, starting from ``warm`` when it is given."""
        levels = import_module("matcher.solve.levels")
        maximise = import_module(f"matcher.solve.{self.module}").maximise
        attempt: Attempt = levels.LevelByLevel(maximise)(program, stop, seed, progress, warm)
        return attempt


BACKENDS: Mapping[str, Backend] = {
    "priced": ByLevel("priced"),
    "highs": ByLevel("highs"),
    "cpsat": ByLevel("cpsat"),
    "pulp": ByLevel("through_pulp"),
    "scip": ByLevel("scip"),
    "greedy": greedy,
    "random": shuffled,
}
"""Backends by the name under which they are chosen.

The default for large queues: ``priced``.
Solvers of the whole program at once: ``highs``, ``cpsat``, ``pulp`` (CBC), ``scip``.
Baselines: ``greedy`` by waiting time, ``random``.
"""
DEFAULT_BACKEND = "priced"
