"""Kinds of cases: solve a queue, plan it again, only build its program, rank one household."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Protocol

import numpy as np

from benchmarks.backends import can_warm_start, resolve_backend
from benchmarks.convergence import ConvergenceTracker
from benchmarks.meter import Meter
from benchmarks.references import REFERENCES
from benchmarks.row import NO_BACKEND, Row, Task
from instances import Profile, generate
from matcher.domain.errors import RefusedResultError, TreffsikkerError
from matcher.domain.instance import Instance
from matcher.domain.placement import Plan
from matcher.problem.problem import Problem
from matcher.ranking.rank import rank
from matcher.solve.result import Result
from matcher.solve.solver import price_places, solve
from matcher.solve.stopping import StopCriteria
from matcher.solve.warm_start import WarmStart


class Case(Protocol):
    """Something to measure; a file in ``benchmarks/cases`` defines one as ``CASE``."""

    @property
    def solve_count(self) -> int:
        """Number of solves in a cell; its process may take that many time limits."""
        ...

    def select_backends(self, requested: Sequence[str]) -> Sequence[str]:
        """Select the backends that the case is measured with from those that were requested."""
        ...

    def measure(self, task: Task) -> Row:
        """Measure the case in this process."""
        ...


@dataclass(frozen=True)
class SolveQueue:
    """Solve a synthetic queue with a backend, or measure a reference on it.

    Parameters
    ----------
    profile : str
        Name of the profile.
    households : int or None
        Size of the queue; None for the size of the profile.
    """

    profile: str
    households: int | None = None
    solve_count: int = 1

    def select_backends(self, requested: Sequence[str]) -> Sequence[str]:
        """Return all requested backends."""
        return requested

    def measure(self, task: Task) -> Row:
        """Build and solve; a backend that fails or is refused also gives a row."""
        instance = _queue(self.profile, task.seed, self.households)
        meter = Meter.start()
        problem, row = _build(instance, task, meter)
        if task.backend in REFERENCES:
            row = REFERENCES[task.backend](problem, task, row)
        else:
            row = _solved(problem, task, row)[0]
        return _ended(row, meter)


@dataclass(frozen=True)
class ReplanQueue:
    """Plan a synthetic queue again after one household has joined it.

    Parameters
    ----------
    profile : str
    households : int or None
    solve_count : int
        Three: the earlier plan, its prices, and the new plan.
    """

    profile: str
    households: int | None = None
    solve_count: int = 3

    def select_backends(self, requested: Sequence[str]) -> Sequence[str]:
        """Select the backends that can start from an earlier plan."""
        return [name for name in requested if can_warm_start(name)]

    def measure(self, task: Task) -> Row:
        """Plan without the household, timed as earlier seconds, and then with it."""
        instance = _queue(self.profile, task.seed, self.households)
        meter = Meter.start()
        before = Problem.of(_one_fewer(instance))
        row, earlier = _solved(before, task, Row.of(task, "measured"))
        if earlier is None or earlier.plan is None or earlier.choice is None:
            return replace(row, message=f"no earlier plan: {row.message}")
        prices = price_places(before, earlier.choice, seconds=task.seconds)
        seconds, meter = meter.wall_seconds(), Meter.start()
        problem, row = _build(instance, task, meter)
        warm = WarmStart.from_plan(
            problem, earlier.plan, prices, prices.gap(earlier.levels[1].value)
        )
        row, again = _solved(problem, task, row, warm)
        moved = _moved(earlier.plan, again.plan) if again is not None and again.plan else None
        return _ended(replace(row, earlier_seconds=seconds, moved=moved), meter)


@dataclass(frozen=True)
class BuildProgram:
    """Build the tables and the program of a synthetic queue without solving it."""

    profile: str
    households: int | None = None
    solve_count: int = 1

    def select_backends(self, requested: Sequence[str]) -> Sequence[str]:
        """Return no backend: there is one cell per seed."""
        return (NO_BACKEND,)

    def measure(self, task: Task) -> Row:
        """Build the tables and the program once."""
        instance = _queue(self.profile, task.seed, self.households)
        meter = Meter.start()
        row = _build(instance, task, meter)[1]
        return replace(row, total_seconds=row.build_seconds, cpu_seconds=meter.cpu_seconds())


@dataclass(frozen=True)
class RankHouseholds:
    """Rank one household at a time, without prices, after everything is loaded.

    Parameters
    ----------
    profile : str
    calls : int
        Number of households ranked, spread evenly over the queue; the median time is reported.
    """

    profile: str
    calls: int
    households: int | None = None
    solve_count: int = 1

    def select_backends(self, requested: Sequence[str]) -> Sequence[str]:
        """Return no backend: there is one cell per seed."""
        return (NO_BACKEND,)

    def measure(self, task: Task) -> Row:
        """Rank the households, and time each call."""
        instance = _queue(self.profile, task.seed, self.households)
        meter = Meter.start()
        problem, row = _build(instance, task, meter)
        spread = np.linspace(0, len(instance.households) - 1, self.calls).astype(int)
        seconds = [_rank_seconds(problem, str(instance.households[k].id)) for k in spread]
        return replace(
            row,
            call_ms=1000 * median(seconds),
            total_seconds=meter.wall_seconds(),
            cpu_seconds=meter.cpu_seconds(),
        )


def _queue(profile: str, seed: int, households: int | None) -> Instance:
    return generate(Profile.read(profile), seed=seed, households=households)


def _build(instance: Instance, task: Task, meter: Meter) -> tuple[Problem, Row]:
    problem = Problem.of(instance)
    _ = problem.program.pair_values, problem.program.weight, problem.program.feasible_pairs
    row = replace(
        Row.of(task, "measured"),
        households=len(instance.households),
        persons=instance.persons,
        build_seconds=meter.wall_seconds(),
    )
    return problem, row


def _solved(
    problem: Problem, task: Task, row: Row, warm: WarmStart | None = None
) -> tuple[Row, Result | None]:
    """Solve, from an earlier plan if one is given; the result is None if the backend fails."""
    meter, approach = Meter.start(), ConvergenceTracker()
    try:
        result = solve(
            problem,
            backend=resolve_backend(task.backend),
            seed=task.seed,
            stop=StopCriteria(seconds=task.seconds, gap=task.gap),
            progress=approach.progress_callback(meter),
            warm=warm,
        )
    except TreffsikkerError as error:
        outcome = "refused" if isinstance(error, RefusedResultError) else "failed"
        took = meter.wall_seconds()
        return replace(row, outcome=outcome, message=str(error), solve_seconds=took), None
    took = meter.wall_seconds()
    row = replace(row, solve_seconds=took, **approach.seconds_to_gaps(result, took))
    return _with_result(row, result), result


def _ended(row: Row, meter: Meter) -> Row:
    """Add the total of building and solving, without any other work, and the processor time."""
    total = (row.build_seconds or 0.0) + (row.solve_seconds or 0.0)
    return replace(row, total_seconds=total, cpu_seconds=meter.cpu_seconds())


def _with_result(row: Row, result: Result) -> Row:
    if result.score is None:
        return replace(row, outcome=result.outcome, message="no plan within the time")
    first, second = result.levels
    return replace(
        row,
        outcome=result.outcome,
        placed=result.score.placed,
        value_1=first.value,
        value_2=second.value,
        bound_1=first.bound,
        bound_2=second.bound,
        gap_1=first.gap,
        gap_2=second.gap,
    )


def _one_fewer(instance: Instance) -> Instance:
    """Leave out the last household of the queue that is not linked to another."""
    linked = {name for pair in instance.links for name in pair}
    gone = next(h.id for h in reversed(instance.households) if h.id not in linked)
    plan = tuple(p for p in instance.earlier_plan if p.household != gone)
    return instance.replace(
        households=tuple(h for h in instance.households if h.id != gone),
        earlier_plan=replace(instance.earlier_plan, placements=plan),
    )


def _moved(earlier: Plan, later: Plan) -> int:
    places = later.municipality_of
    return sum(places.get(name) != place for name, place in earlier.municipality_of.items())


def _rank_seconds(problem: Problem, household: str) -> float:
    meter = Meter.start()
    rank(problem, household)
    return meter.wall_seconds()
