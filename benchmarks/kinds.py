"""The kinds of cases: solve a queue, plan it again, only build its program, rank one household."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Protocol

import numpy as np

from benchmarks.approach import Approach
from benchmarks.backends import backend_of, can_be_warm
from benchmarks.meter import Meter
from benchmarks.references import REFERENCES
from benchmarks.row import NO_BACKEND, Row, Task
from instances import Profile, generate
from matcher.domain import Instance, Plan
from matcher.errors import RefusedResultError, TreffsikkerError
from matcher.problem import Problem
from matcher.rank import rank
from matcher.solve import Result, Stop, Warm, price, solve


class Case(Protocol):
    """Something to measure; a file in ``benchmarks/cases`` defines one as ``CASE``."""

    @property
    def solves(self) -> int:
        """How many times a cell's time limit its process is given."""
        ...

    def backends(self, asked: Sequence[str]) -> Sequence[str]:
        """Give those that it is measured with, of the backends that were asked for."""
        ...

    def measure(self, task: Task) -> Row:
        """Measure in this process."""
        ...


@dataclass(frozen=True)
class SolveQueue:
    """Solve a synthetic queue with a backend, or measure a reference on it.

    Parameters
    ----------
    profile : str
        Name of the profile.
    households : int or None
        How many; None takes the profile's number.
    """

    profile: str
    households: int | None = None
    solves: int = 1

    def backends(self, asked: Sequence[str]) -> Sequence[str]:
        """All of them."""
        return asked

    def measure(self, task: Task) -> Row:
        """Build and solve; a backend that gives up or is refused is an outcome as well."""
        instance = _queue(self.profile, task.seed, self.households)
        meter = Meter.start()
        problem, row = _build(instance, task, meter)
        if task.backend in REFERENCES:
            row = REFERENCES[task.backend](problem, task, row)
        else:
            row = _solved(problem, task, row)[0]
        return _ended(row, meter)


@dataclass(frozen=True)
class PlanAgain:
    """Plan a synthetic queue again after one change: a household more than in the earlier plan.

    Parameters
    ----------
    profile : str
    households : int or None
    solves : int
        The earlier plan, its prices, the plan again.
    """

    profile: str
    households: int | None = None
    solves: int = 3

    def backends(self, asked: Sequence[str]) -> Sequence[str]:
        """Give those that can start from an earlier plan."""
        return [name for name in asked if can_be_warm(name)]

    def measure(self, task: Task) -> Row:
        """Plan without the household, which only counts as earlier seconds, then with it."""
        instance = _queue(self.profile, task.seed, self.households)
        meter = Meter.start()
        before = Problem.of(_one_fewer(instance))
        row, earlier = _solved(before, task, Row.of(task, "measured"))
        if earlier is None or earlier.plan is None or earlier.choice is None:
            return replace(row, message=f"no earlier plan: {row.message}")
        prices = price(before, earlier.choice, seconds=task.seconds)
        seconds, meter = meter.wall_seconds(), Meter.start()
        problem, row = _build(instance, task, meter)
        warm = Warm.of(problem, earlier.plan, prices, prices.gap(earlier.levels[1].value))
        row, again = _solved(problem, task, row, warm)
        moved = _moved(earlier.plan, again.plan) if again is not None and again.plan else None
        return _ended(replace(row, earlier_seconds=seconds, moved=moved), meter)


@dataclass(frozen=True)
class BuildQueue:
    """Build tables and program of a synthetic queue, and solve nothing."""

    profile: str
    households: int | None = None
    solves: int = 1

    def backends(self, asked: Sequence[str]) -> Sequence[str]:
        """None: there is one cell a seed."""
        return (NO_BACKEND,)

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
    solves: int = 1

    def backends(self, asked: Sequence[str]) -> Sequence[str]:
        """None: there is one cell a seed."""
        return (NO_BACKEND,)

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


def _solved(
    problem: Problem, task: Task, row: Row, warm: Warm | None = None
) -> tuple[Row, Result | None]:
    """Solve, from an earlier plan if one is given; no result where a backend gives up."""
    meter, approach = Meter.start(), Approach()
    try:
        result = solve(
            problem,
            backend=backend_of(task.backend),
            seed=task.seed,
            stop=Stop(seconds=task.seconds, gap=task.gap),
            progress=approach.following(meter),
            warm=warm,
        )
    except TreffsikkerError as error:
        outcome = "refused" if isinstance(error, RefusedResultError) else "failed"
        took = meter.wall_seconds()
        return replace(row, outcome=outcome, message=str(error), solve_seconds=took), None
    took = meter.wall_seconds()
    row = replace(row, solve_seconds=took, **approach.seconds(result, took))
    return _with_result(row, result), result


def _ended(row: Row, meter: Meter) -> Row:
    """Add up; what was done beside building and solving is left out."""
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
    """Leave out the last household of the queue that comes alone."""
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
