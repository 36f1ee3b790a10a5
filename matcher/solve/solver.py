"""Solve a problem, and check the backend's result by recomputing it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from matcher.domain.errors import BackendError, RefusedResultError, TreffsikkerError
from matcher.problem.prices import Prices
from matcher.problem.problem import Problem
from matcher.problem.program import STEPS_PER_POINT, Choice, Program
from matcher.problem.score import Score, score
from matcher.solve.backends.registry import (
    BACKENDS,
    DEFAULT_BACKEND,
    LexicographicBackend,
    WarmStartBackend,
)
from matcher.solve.params.solver_params import SolverParams
from matcher.solve.result import Backend, BackendResult, Level, Result, versions
from matcher.solve.stopping import Progress, StopCriteria, StopLog, ignore_progress
from matcher.solve.warm_start import WarmStart
from matcher.stay.model import PlanPrediction, predict_plan

PRICING_SECONDS = 600.0
"""Default time limit of pricing, in seconds."""
PRICING_SECONDS_AFTER_SOLVE = (5.0, 60.0)
"""Shortest and longest time of pricing after a solve; between them, what the solve left."""
VALUE_TOLERANCE_SHARE = 1e-6
"""Share of a value by which a backend's value may differ from the recomputed one."""
VALUE_TOLERANCE = 10.0
"""Thousandths by which they may differ in addition."""
BOUND_TOLERANCE = 0.01
"""Rounding error in thousandths that is allowed when a bound is rounded down."""


def solve(
    problem: Problem,
    *,
    backend: str | Backend = DEFAULT_BACKEND,
    seed: int = 0,
    stop: StopCriteria | None = None,
    progress: Callable[[Progress], None] | None = None,
    repeat: Sequence[int | None] | None = None,
    warm: WarmStart | None = None,
    params: SolverParams | None = None,
) -> Result:
    """Place the queue: level by level, with a stated gap.

    Parameters
    ----------
    problem : Problem
        An instance under a policy.
    backend : str or Backend
        Name in ``BACKENDS``, or a callable with the same signature.
    seed : int
        Same problem, seed and versions: same plan, unless time ran out.
    stop : StopCriteria or None
        Time limit or effort, and gap; None for a minute and a tenth of a per cent. With an
        effort, the plan is the same to the bit on any machine with the same kind of processor.
    progress : callable or None
        Called with the progress of the solve.
    repeat : sequence of (int or None), or None
        ``stops`` of an earlier result, to find exactly its plan again: every search then ends
        where it ended before, whatever the time limit.
    warm : WarmStart or None
        An earlier plan of almost the same problem. The solve starts from it, and keeps as much
        of it as the gap allows. Backends that cannot start from a plan ignore it.
    params : SolverParams or None
        What steers the searches; None for those of the backend, which are the defaults where it is
        chosen by name. Backends that are functions of one's own do not use it.

    Raises
    ------
    BackendError
        When there is no such backend, or it fails.
    RefusedResultError
        When the backend's plan breaks a rule or is no plan, is worth less than the backend
        claims, or is worth more than the backend's bound.
    """
    chosen, name, begun = _find_backend(backend), _name(backend), time.perf_counter()
    params = params or _own_params(chosen)
    stop = (stop or StopCriteria()).begin(repeat, params.priced.stopping)
    program = problem.program
    chosen = _configure(chosen, params, warm)
    attempt = _run_backend(name, lambda: chosen(program, stop, seed, progress or ignore_progress))
    result = _result_without_plan(problem, name, stop, seed, params)
    if attempt.choice is not None:
        result = _result_with_plan(result, problem, attempt, attempt.choice)
    seconds = time.perf_counter() - begun
    return replace(result, seconds=seconds, stops=stop.stop_log.stop_checks)


def price_places(
    problem: Problem,
    choice: Choice,
    *,
    seconds: float = PRICING_SECONDS,
    stop_log: StopLog | None = None,
    params: SolverParams | None = None,
) -> Prices:
    """Compute what one more place is worth to all other households, from the LP relaxation.

    Parameters
    ----------
    problem : Problem
    choice : int array, shape (units,)
        A plan that keeps all rules; its level-1 value is held.
    seconds : float
        Time limit of each LP.
    stop_log : StopLog or None
        Records where the clock stopped the search, or repeats an earlier record.
    params : SolverParams or None
        What steers the search; None for the defaults.
    """
    from matcher.solve.priced.relaxation import solve_relaxation  # noqa: PLC0415  # Loads HiGHS.

    relaxation = solve_relaxation(problem.program, choice, seconds, stop_log, params)
    return replace(relaxation.prices, bound=relaxation.bound / STEPS_PER_POINT)


def pricing_limits(stop: StopCriteria, seconds_used: float) -> StopCriteria:
    """Return the limits of pricing after a solve, with a record of their own.

    Parameters
    ----------
    stop : StopCriteria
        The limits of the solve.
    seconds_used : float
        Time of the solve; what it left is for pricing. An effort is the same for both.
    """
    shortest, longest = PRICING_SECONDS_AFTER_SOLVE
    left = min(longest, max(shortest, stop.seconds - seconds_used))
    return replace(stop, seconds=left).begin()


def _result_without_plan(
    problem: Problem, name: str, stop: StopCriteria, seed: int, params: SolverParams
) -> Result:
    """Build the result of a solve that found no plan."""
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
        params=params.changes(),
        effort=stop.effort,
    )


def _result_with_plan(
    result: Result, problem: Problem, attempt: BackendResult, choice: Choice
) -> Result:
    """Check a plan, and add it to a result.

    Raises
    ------
    RefusedResultError
        When the plan breaks a rule, or its claimed value or bound is wrong.
    """
    value = _score(result.backend, problem.program, choice)
    _refuse_wrong_claims(result.backend, value, attempt)
    return replace(
        result,
        plan=problem.to_plan(choice),
        choice=choice,
        score=value,
        levels=_levels(value, attempt),
        uncounted_person_days=problem.uncounted_person_days(choice),
        stay=predict_stay(problem, choice),
    )


def predict_stay(problem: Problem, choice: Choice) -> PlanPrediction:
    """Predict how likely each unit is to stay in the municipality of a plan.

    Parameters
    ----------
    problem : Problem
    choice : int array, shape (units,)
        Row of the municipality of each unit, -1 for none.
    """
    h, m = problem.households, problem.municipalities
    return predict_plan(problem.stay_model, h, m, choice)


def _find_backend(backend: str | Backend) -> Backend:
    if not isinstance(backend, str):
        return backend
    if backend not in BACKENDS:
        raise BackendError(f"no backend called {backend!r}; there are {', '.join(BACKENDS)}")
    return BACKENDS[backend]


def _own_params(backend: Backend) -> SolverParams:
    return backend.params if isinstance(backend, LexicographicBackend) else SolverParams()


def _configure(backend: Backend, params: SolverParams, warm: WarmStart | None) -> Backend:
    """Bind parameters and an earlier plan to a backend that uses them."""
    if isinstance(backend, LexicographicBackend):
        backend = replace(backend, params=params)
    if warm is None or not isinstance(backend, WarmStartBackend):
        return backend
    return partial(backend, warm=warm)


def _name(backend: str | Backend) -> str:
    if isinstance(backend, str):
        return backend
    return str(getattr(backend, "__name__", type(backend).__name__))


def _run_backend(name: str, run: Callable[[], BackendResult]) -> BackendResult:
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


def _refuse_wrong_claims(name: str, checked: Score, attempt: BackendResult) -> None:
    if checked.broken_rules:
        rules = ", ".join(sorted({b.rule for b in checked.broken_rules}))
        raise RefusedResultError(f"{name} returned a plan that breaks {rules}; it is not used")
    for level, value in enumerate((checked.weight, checked.value), 1):
        claimed, bound = attempt.values[level - 1], attempt.bounds[level - 1]
        margin = VALUE_TOLERANCE_SHARE * abs(value) + VALUE_TOLERANCE
        # The comparisons are negated so that NaN is refused as well.
        if claimed is not None and not claimed <= value + margin:
            raise RefusedResultError(
                f"{name} claims {claimed / STEPS_PER_POINT:,.3f} at level {level}, "
                f"but its plan is worth "
                f"{value / STEPS_PER_POINT:,.3f}; it is not used"
            )
        if bound is not None and not bound >= value - margin:
            raise RefusedResultError(
                f"{name} says that {bound / STEPS_PER_POINT:,.3f} is the most at level {level}, "
                f"but its "
                f"plan is worth {value / STEPS_PER_POINT:,.3f}; it is not used"
            )


def _levels(checked: Score, attempt: BackendResult) -> tuple[Level, ...]:
    values = (checked.weight, checked.value)
    return tuple(
        Level(
            value / STEPS_PER_POINT,
            None if bound is None else max(_round_down(bound), value) / STEPS_PER_POINT,
            seconds,
        )
        for value, bound, seconds in zip(values, attempt.bounds, attempt.seconds, strict=True)
    )


def _round_down(bound: float) -> float:
    """Round a bound down to whole thousandths, as values are; allow for rounding errors."""
    return float(np.floor(bound + BOUND_TOLERANCE))
