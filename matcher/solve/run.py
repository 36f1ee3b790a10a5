"""Solve a problem, and believe nothing that is not recomputed."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from matcher.errors import BackendError, RefusedResultError, TreffsikkerError
from matcher.problem import Problem
from matcher.program import PER_POINT, Choice, Program
from matcher.score import Score, score
from matcher.solve.backends import BACKENDS, DEFAULT_BACKEND, WarmBackend
from matcher.solve.prices import Prices
from matcher.solve.result import Attempt, Backend, Level, Progress, Result, Stop, silent
from matcher.solve.stopping import Stops
from matcher.solve.versions import versions
from matcher.solve.warm import Warm

RELATIVE, ABSOLUTE = 1e-6, 10.0
"""How far a solver's value may be from the recomputed one, the latter in thousandths."""
ROUNDING = 0.01
"""How far above a whole thousandth rounding errors may have put a bound."""


def solve(
    problem: Problem,
    *,
    backend: str | Backend = DEFAULT_BACKEND,
    seed: int = 0,
    stop: Stop | None = None,
    progress: Callable[[Progress], None] | None = None,
    repeat: Sequence[int | None] | None = None,
    warm: Warm | None = None,
) -> Result:
    """Place the queue: level by level, with a stated gap.

    Parameters
    ----------
    problem : Problem
        An instance under a policy.
    backend : str or Backend
        Name in ``BACKENDS``, or something of the same shape.
    seed : int
        Same problem, seed and versions: same plan, unless time ran out.
    stop : Stop or None
        Time limit and gap; a minute and a tenth of a per cent unless given.
    progress : callable or None
        Told where the solve stands.
    repeat : sequence of (int or None), or None
        ``stops`` of an earlier result, to find its plan again to the bit: the time limit is then
        that of those stops.
    warm : Warm or None
        An earlier plan of much the same problem, to start from and to keep as much of as the
        gap allows. Backends that cannot start from one do without.

    Raises
    ------
    BackendError
        When there is no such backend, or it fails.
    RefusedResultError
        When the backend's plan breaks a rule or is no plan at all, is not worth what it claims,
        or is worth more than it says is possible.
    """
    stop, name = replace(stop or Stop(), stops=Stops(repeat)), _name(backend)
    begun = time.perf_counter()
    program = problem.program
    chosen = _from(_backend(backend), warm)
    attempt = _attempt(name, lambda: chosen(program, stop, seed, progress or silent))
    result = _planless(problem, name, stop, seed)
    if attempt.choice is not None:
        result = _checked(result, problem, attempt, attempt.choice)
    seconds = time.perf_counter() - begun
    return replace(result, seconds=seconds, stops=stop.stops.record)


def price(
    problem: Problem, choice: Choice, *, seconds: float = 600.0, stops: Stops | None = None
) -> Prices:
    """Price the places: what one more is worth to the rest, from the LP relaxation.

    Parameters
    ----------
    problem : Problem
    choice : int array, shape (units,)
        A plan that keeps all rules; its level-1 value is held.
    seconds : float
        Time limit of each LP.
    stops : Stops or None
        Notes where the clock stopped it, or repeats where it did.
    """
    from matcher.solve.relaxation import relax  # noqa: PLC0415  # Loads HiGHS.

    found = relax(problem.program, choice, seconds, stops)
    return replace(found.prices, bound=found.bound / PER_POINT)


def _planless(problem: Problem, name: str, stop: Stop, seed: int) -> Result:
    """What is known before there is a plan."""
    return Result(
        plan=None,
        choice=None,
        score=None,
        levels=(),
        asked_gap=stop.gap,
        backend=name,
        seed=seed,
        seconds=0.0,
        versions=versions(),
        hashes={"instance": problem.tables.hash, "policy": problem.policy.hash},
        policy=problem.policy.name,
    )


def _checked(result: Result, problem: Problem, attempt: Attempt, choice: Choice) -> Result:
    """Take a plan into a result, or refuse it."""
    value = _score(result.backend, problem.program, choice)
    _refuse(result.backend, value, attempt)
    return replace(
        result,
        plan=problem.plan(choice),
        choice=choice,
        score=value,
        levels=_levels(value, attempt),
    )


def _backend(backend: str | Backend) -> Backend:
    if not isinstance(backend, str):
        return backend
    if backend not in BACKENDS:
        raise BackendError(f"no backend called {backend!r}; there are {', '.join(BACKENDS)}")
    return BACKENDS[backend]


def _from(backend: Backend, warm: Warm | None) -> Backend:
    """Give a backend the plan to start from, if it can take one."""
    if warm is None or not isinstance(backend, WarmBackend):
        return backend
    return partial(backend, warm=warm)


def _name(backend: str | Backend) -> str:
    if isinstance(backend, str):
        return backend
    return str(getattr(backend, "__name__", type(backend).__name__))


def _attempt(name: str, run: Callable[[], Attempt]) -> Attempt:
    try:
        return run()
    except TreffsikkerError:
        raise
    except Exception as error:
        raise BackendError(f"{name} failed: {error}; try another backend") from error


def _score(name: str, program: Program, choice: Choice) -> Score:
    if not np.issubdtype(np.asarray(choice).dtype, np.integer):
        raise RefusedResultError(f"{name} returned something else than rows; it is not used")
    try:
        return score(program, choice)
    except ValueError as error:
        raise RefusedResultError(f"{name} returned no plan at all: {error}") from error


def _refuse(name: str, checked: Score, attempt: Attempt) -> None:
    if checked.broken:
        rules = ", ".join(sorted({b.rule for b in checked.broken}))
        raise RefusedResultError(f"{name} returned a plan that breaks {rules}; it is not used")
    for level, value in enumerate((checked.weight, checked.value), 1):
        claimed, bound = attempt.values[level - 1], attempt.bounds[level - 1]
        margin = RELATIVE * abs(value) + ABSOLUTE
        # Written so that a claim that is not a number is refused as well.
        if claimed is not None and not claimed <= value + margin:
            raise RefusedResultError(
                f"{name} claims {claimed / PER_POINT:,.3f} at level {level}, but its plan is worth "
                f"{value / PER_POINT:,.3f}; it is not used"
            )
        if bound is not None and not bound >= value - margin:
            raise RefusedResultError(
                f"{name} says that {bound / PER_POINT:,.3f} is the most at level {level}, but its "
                f"plan is worth {value / PER_POINT:,.3f}; it is not used"
            )


def _levels(checked: Score, attempt: Attempt) -> tuple[Level, ...]:
    values = (checked.weight, checked.value)
    return tuple(
        Level(
            value / PER_POINT,
            None if bound is None else max(_whole(bound), value) / PER_POINT,
            seconds,
        )
        for value, bound, seconds in zip(values, attempt.bounds, attempt.seconds, strict=True)
    )


def _whole(bound: float) -> float:
    """A bound rounded down, as values are whole thousandths; not by what rounding errors add."""
    return float(np.floor(bound + ROUNDING))
