"""What a backend returns, and the checked result of a solve with the versions it rests on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Literal, Protocol

from matcher.domain.placement import Plan
from matcher.problem.prices import Prices
from matcher.problem.program import STEPS_PER_POINT, Choice, Program
from matcher.problem.score import Score
from matcher.solve.stopping import Progress, StopCriteria
from matcher.stay.model import PlanPrediction

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


if TYPE_CHECKING:
    import pandas as pd

Outcome = Literal["proved", "gap", "unproved", "no plan"]
OPTIMALITY_TOLERANCE = 1e-9
"""Relative gap below which a level is optimal; it is less than a single thousandth."""


@dataclass(frozen=True, slots=True)
class BackendResult:
    """What a backend claims; every value is recomputed before it is used.

    Parameters
    ----------
    choice : int array, shape (units,), or None
        None when no plan was found in time.
    values, bounds : tuple of float or None
        Claimed values and proven upper bounds of levels 1 and 2 in thousandths; None without one.
    seconds : tuple of float
        Time of each level.
    """

    choice: Choice | None
    values: tuple[float | None, float | None] = (None, None)
    bounds: tuple[float | None, float | None] = (None, None)
    seconds: tuple[float, float] = (0.0, 0.0)


class Backend(Protocol):
    """A solver that finds a choice for a program."""

    def __call__(
        self, program: Program, stop: StopCriteria, seed: int, progress: Callable[[Progress], None]
    ) -> BackendResult:
        """Solve within the limits."""
        ...


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the objective: its value recomputed from the plan, and what is proved.

    Parameters
    ----------
    value : float
        Weighted persons placed at level 1, points at level 2.
    bound : float or None
        Proven upper bound; None when the backend gives none.
    seconds : float
    """

    value: float
    bound: float | None
    seconds: float

    @property
    def gap(self) -> float | None:
        """Relative distance to the bound, 0 when proved optimal; None without a bound."""
        if self.bound is None:
            return None
        return max(0.0, self.bound - self.value) / max(1.0, abs(self.bound))


@dataclass(frozen=True, slots=True)
class Result:
    """A plan with its score, its bounds, and everything needed to repeat the solve.

    Parameters
    ----------
    plan : Plan or None
        None when no plan was found in time.
    choice : int array, shape (units,), or None
        The plan as rows of the tables.
    score : Score or None
        Recomputed from the plan.
    levels : tuple of Level
        Level 1, level 2; empty without a plan.
    asked_gap : float
        The gap that was asked for.
    backend : str
    seed : int
    seconds : float
        Time of all levels and of the recomputation.
    versions, hashes : mapping of str to str
        Versions of the program and its solvers; hashes of instance and policy.
    policy : str
        Name of the policy.
    prices : Prices or None
        Worth of one more place to all other households, when prices were asked for.
    stops : tuple of (int or None)
        The check at which the clock stopped each search; see :mod:`matcher.solve.stopping`.
    uncounted_person_days : int
        Person-days of waiting that the points do not count, as they are counted pair by pair.
    params : mapping
        The parameters of the solver that were not the default, nested as in a file.
    effort : float or None
        The effort that was asked for instead of time; None for time.
    stay : PlanPrediction or None
        Probability of staying of each unit in its municipality, predicted once, for the plan's
        file and its report; None without a plan, or when the result was built by hand.
    """

    plan: Plan | None
    choice: Choice | None
    score: Score | None
    levels: tuple[Level, ...]
    asked_gap: float
    backend: str
    seed: int
    seconds: float
    versions: Mapping[str, str]
    hashes: Mapping[str, str]
    policy: str
    prices: Prices | None = field(default=None, repr=False)
    stops: tuple[int | None, ...] = ()
    uncounted_person_days: int = 0
    params: Mapping[str, Any] = field(default_factory=dict)
    effort: float | None = None
    stay: PlanPrediction | None = field(default=None, repr=False, compare=False)

    @property
    def outcome(self) -> Outcome:
        """Whether there is a plan, and whether it is proved.

        A proof needs level 1 at its optimum: the gap asked for applies to level 2 only.
        """
        if self.plan is None:
            return "no plan"
        known = [level.gap for level in self.levels if level.gap is not None]
        if len(known) < len(self.levels):
            return "unproved"
        first, second = known
        return (
            "proved"
            if first <= OPTIMALITY_TOLERANCE and second <= self.asked_gap + OPTIMALITY_TOLERANCE
            else "gap"
        )

    @property
    def repeatable(self) -> bool:
        """Whether the same call gives the same plan again, to the bit.

        With the same versions on the same kind of processor: where an effort was asked for, and
        where no search was ended by the clock.
        """
        ended_by_itself = self.outcome == "proved" and all(stop is None for stop in self.stops)
        return self.effort is not None or ended_by_itself

    def to_frame(self) -> "pd.DataFrame":
        """Return the plan as a data frame: household, municipality, earliest."""
        import pandas as pd  # noqa: PLC0415  # Takes longer to load than all that ranking needs.

        rows = [(p.household, p.municipality, p.earliest) for p in self.plan or ()]
        return pd.DataFrame(rows, columns=["household", "municipality", "earliest"])

    def __str__(self) -> str:
        if self.score is None:
            return f"no plan within the time ({self.backend}, {self.seconds:.1f} s)"
        lines = [
            f"{self.score.placed} persons placed, {self.score.unplaced} unplaced "
            f"({self.backend}, {self.seconds:.1f} s)",
            *(f"level {i}: {_level(level)}" for i, level in enumerate(self.levels, 1)),
            *(
                f"  {term}: {value / STEPS_PER_POINT:,.0f}"
                for term, value in self.score.terms.items()
            ),
        ]
        return "\n".join(lines)


def _level(level: Level) -> str:
    if level.gap is None or level.bound is None:
        return f"{level.value:,.1f}, no bound"
    return f"{level.value:,.1f} of at most {level.bound:,.1f} (gap {100 * level.gap:.3f} %)"
