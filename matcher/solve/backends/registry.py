"""Registry of the solver backends, by name.

Each function here imports its solver when it is called: loading HiGHS, OR-Tools or PuLP takes
seconds, and a service that only ranks needs none of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

from matcher.problem.program import Program
from matcher.solve.backends.greedy import greedy
from matcher.solve.backends.random_placement import place_randomly
from matcher.solve.params.solver_params import SolverParams
from matcher.solve.result import Backend, BackendResult
from matcher.solve.stopping import Progress, StopCriteria
from matcher.solve.warm_start import WarmStart

if TYPE_CHECKING:
    from matcher.solve.level_problem import LevelMaximiser, LevelProblem, LevelSolution


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
    """A backend that maximises level 1, then level 2 with level 1 held.

    Parameters
    ----------
    maximise : callable
        Maximises one level of a program.
    params : SolverParams
    """

    accepts_warm_start: ClassVar[bool] = True

    maximise: "LevelMaximiser"
    params: SolverParams = field(default_factory=SolverParams)

    def __call__(
        self,
        program: Program,
        stop: StopCriteria,
        seed: int,
        progress: Callable[[Progress], None],
        warm: WarmStart | None = None,
    ) -> BackendResult:
        """Solve within the limits, starting from ``warm`` when it is given."""
        from matcher.solve.lexicographic import Lexicographic  # noqa: PLC0415  # Loads SciPy.

        return Lexicographic(self.maximise, self.params)(program, stop, seed, progress, warm)


def _maximise_by_prices(level_problem: "LevelProblem") -> "LevelSolution":
    from matcher.solve.priced.search import maximise  # noqa: PLC0415  # Loads HiGHS and OR-Tools.

    return maximise(level_problem)


def _maximise_with_highs(level_problem: "LevelProblem") -> "LevelSolution":
    from matcher.solve.backends.highs import maximise  # noqa: PLC0415  # Loads HiGHS.

    return maximise(level_problem)


def _maximise_with_cpsat(level_problem: "LevelProblem") -> "LevelSolution":
    from matcher.solve.backends.cpsat import maximise  # noqa: PLC0415  # Loads OR-Tools.

    return maximise(level_problem)


def _maximise_with_cbc(level_problem: "LevelProblem") -> "LevelSolution":
    from matcher.solve.backends.cbc import maximise  # noqa: PLC0415  # Loads PuLP.

    return maximise(level_problem)


def _maximise_with_scip(level_problem: "LevelProblem") -> "LevelSolution":
    from matcher.solve.backends.scip import maximise  # noqa: PLC0415  # Loads OR-Tools.

    return maximise(level_problem)


BACKENDS: Mapping[str, Backend] = {
    "priced": LexicographicBackend(_maximise_by_prices),
    "highs": LexicographicBackend(_maximise_with_highs),
    "cpsat": LexicographicBackend(_maximise_with_cpsat),
    "pulp": LexicographicBackend(_maximise_with_cbc),
    "scip": LexicographicBackend(_maximise_with_scip),
    "greedy": greedy,
    "random": place_randomly,
}
"""Backends by the name under which they are chosen.

The default for large queues: ``priced``.
Solvers of the whole program at once: ``highs``, ``cpsat``, ``pulp`` (CBC), ``scip``.
Baselines: ``greedy`` by waiting time, ``random``.
"""
DEFAULT_BACKEND = "priced"
