"""Solve a problem, and believe nothing that is not recomputed."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version

from matcher.errors import BackendError, RefusedResultError
from matcher.problem import Problem
from matcher.program import PER_POINT
from matcher.score import Score, score
from matcher.solve.backends import BACKENDS, DEFAULT_BACKEND
from matcher.solve.prices import Prices
from matcher.solve.relaxation import relax
from matcher.solve.result import Attempt, Backend, Level, Progress, Result, Stop

RELATIVE, ABSOLUTE = 1e-6, 10.0
"""How far a solver's value may be from the recomputed one, the latter in thousandths."""


def solve(
    problem: Problem,
    *,
    backend: str | Backend = DEFAULT_BACKEND,
    seed: int = 0,
    stop: Stop | None = None,
    progress: Callable[[Progress], None] | None = None,
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

    Raises
    ------
    BackendError
        When there is no such backend.
    RefusedResultError
        When the backend's plan breaks a rule, or is not worth what it claims.
    """
    stop, name = stop or Stop(), _name(backend)
    begun = time.perf_counter()
    program = problem.program
    attempt = _backend(backend)(program, stop, seed, progress or _silent)
    result = Result(
        plan=None,
        choice=attempt.choice,
        score=None,
        levels=(),
        asked_gap=stop.gap,
        backend=name,
        seed=seed,
        seconds=0.0,
        versions=_versions(),
        hashes={"instance": problem.tables.hash, "policy": problem.policy.hash},
        policy=problem.policy.name,
    )
    if attempt.choice is not None:
        checked = score(program, attempt.choice)
        _refuse_broken(name, checked, attempt)
        levels = _levels(checked, attempt)
        result = replace(result, plan=problem.plan(attempt.choice), score=checked, levels=levels)
    return replace(result, seconds=time.perf_counter() - begun)


def price(problem: Problem, result: Result, *, seconds: float = 600.0) -> Prices:
    """Price the places: what one more is worth to the rest, from the LP relaxation.

    Parameters
    ----------
    problem : Problem
    result : Result
        With a plan; its level-1 value is held.
    seconds : float
        Time limit of each LP.

    Raises
    ------
    ValueError
        When the result has no plan.
    """
    if result.choice is None:
        raise ValueError("a result without a plan has no prices; solve again with more time")
    return relax(problem.program, result.choice, seconds).prices


def _backend(backend: str | Backend) -> Backend:
    if not isinstance(backend, str):
        return backend
    if backend not in BACKENDS:
        raise BackendError(f"no backend called {backend!r}; there are {', '.join(BACKENDS)}")
    return BACKENDS[backend]


def _name(backend: str | Backend) -> str:
    return backend if isinstance(backend, str) else type(backend).__name__


def _silent(_: Progress) -> None:
    pass


def _refuse_broken(name: str, checked: Score, attempt: Attempt) -> None:
    if checked.broken:
        rules = ", ".join(sorted({b.rule for b in checked.broken}))
        raise RefusedResultError(f"{name} returned a plan that breaks {rules}; it is not used")
    for level, claimed in enumerate(attempt.values, 1):
        value = checked.weight if level == 1 else checked.value
        if claimed is not None and claimed > value + RELATIVE * abs(value) + ABSOLUTE:
            raise RefusedResultError(
                f"{name} claims {claimed / PER_POINT:,.3f} at level {level}, but its plan is worth "
                f"{value / PER_POINT:,.3f}; it is not used"
            )


def _levels(checked: Score, attempt: Attempt) -> tuple[Level, ...]:
    values = (checked.weight, checked.value)
    return tuple(
        Level(
            value / PER_POINT,
            None if bound is None else max(bound, value) / PER_POINT,
            seconds,
        )
        for value, bound, seconds in zip(values, attempt.bounds, attempt.seconds, strict=True)
    )


def _versions() -> Mapping[str, str]:
    return {name: _version(name) for name in ("treffsikker", "highspy", "ortools", "pulp", "numpy")}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
