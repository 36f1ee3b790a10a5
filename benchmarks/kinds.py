"""The kinds of cases: solve a queue, only build its program, rank one household."""

from dataclasses import dataclass, replace
from statistics import median
from typing import Protocol

import numpy as np

from benchmarks.backends import backend_of
from benchmarks.meter import Meter
from benchmarks.row import Row, Task
from instances import Profile, generate
from matcher.domain import Instance
from matcher.errors import RefusedResultError, TreffsikkerError
from matcher.problem import Problem
from matcher.rank import rank
from matcher.solve import Result, Stop, solve


class Case(Protocol):
    """Something to measure; a file in ``benchmarks/cases`` defines one as ``CASE``."""

    @property
    def needs_backend(self) -> bool:
        """Whether it is measured once a backend."""
        ...

    def measure(self, task: Task) -> Row:
        """Measure in this process."""
        ...


@dataclass(frozen=True)
class SolveQueue:
    """Solve a synthetic queue with a backend.

    Parameters
    ----------
    profile : str
        Name of the profile.
    households : int or None
        How many; None takes the profile's number.
    """

    profile: str
    households: int | None = None
    needs_backend: bool = True

    def measure(self, task: Task) -> Row:
        """Build and solve; a backend that gives up or is refused is an outcome as well."""
        instance = _queue(self.profile, task.seed, self.households)
        meter = Meter.start()
        problem, row = _build(instance, task, meter)
        stop = Stop(seconds=task.seconds, gap=task.gap)
        try:
            result = solve(problem, backend=backend_of(task.backend), seed=task.seed, stop=stop)
        except TreffsikkerError as error:
            outcome = "refused" if isinstance(error, RefusedResultError) else "failed"
            return _ended(replace(row, outcome=outcome, message=str(error)), meter)
        return _ended(_with_result(row, result), meter)


@dataclass(frozen=True)
class BuildQueue:
    """Build tables and program of a synthetic queue, and solve nothing."""

    profile: str
    households: int | None = None
    needs_backend: bool = False

    def measure(self, task: Task) -> Row:
        """Build once."""
        instance = _queue(self.profile, task.seed, self.households)
        meter = Meter.start()
        row = _build(instance, task, meter)[1]
        return replace(row, total_seconds=row.build_seconds, cpu_seconds=meter.cpu_seconds())


@dataclass(frozen=True)
class RankOne:
    """Rank one household at a time, with everything loaded and no prices.

    Parameters
    ----------
    profile : str
    calls : int
        How many, of households spread evenly over the queue; their median counts.
    """

    profile: str
    calls: int
    households: int | None = None
    needs_backend: bool = False

    def measure(self, task: Task) -> Row:
        """Rank as often as asked."""
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
    _ = problem.program.points, problem.program.weight, problem.program.open
    row = replace(
        Row.of(task, "measured"),
        households=len(instance.households),
        persons=instance.persons,
        build_seconds=meter.wall_seconds(),
    )
    return problem, row


def _ended(row: Row, meter: Meter) -> Row:
    total = meter.wall_seconds()
    return replace(
        row,
        solve_seconds=total - (row.build_seconds or 0.0),
        total_seconds=total,
        cpu_seconds=meter.cpu_seconds(),
    )


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


def _rank_seconds(problem: Problem, household: str) -> float:
    meter = Meter.start()
    rank(problem, household)
    return meter.wall_seconds()
