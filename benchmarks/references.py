"""What no solver of a queue is spared, measured on the same queue: references for its seconds."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from statistics import median

import numpy as np

from benchmarks.meter import Meter
from benchmarks.row import Row, Task
from matcher.problem import Problem
from matcher.program import PER_POINT, Program
from matcher.solve.greedy import first_plan
from matcher.solve.levels import Hold
from matcher.solve.relaxation import relax
from matcher.solve.stopping import Stops

PASSES = 5
"""How often the pairs are passed over; the median counts."""
BLOCK = 2048
"""Units whose pairs are passed over at a time, to spare memory."""

Reference = Callable[[Problem, Task, Row], Row]


def lp_alone(problem: Problem, task: Task, row: Row) -> Row:
    """The bare bound of level 2: the relaxation alone, from the plan that all backends start with.

    Level 1 is what that plan reaches, so the bound holds for plans that place as many.
    """
    meter, stops = Meter.start(), Stops()
    start = first_plan(problem.program)
    bound = relax(problem.program, start, task.seconds, stops).bound
    seconds = meter.wall_seconds()
    held = Hold.of(problem.program, start)
    weight = problem.program.weight
    value = int(weight[held.units].sum()) if held.weight is None else held.weight
    return replace(
        row,
        outcome="bound" if all(at is None for at in stops.record) else "loose bound",
        value_1=value / PER_POINT,
        bound_2=bound / PER_POINT,
        solve_seconds=seconds,
    )


def one_pass(problem: Problem, task: Task, row: Row) -> Row:
    """One look at every pair: the best open municipality of each unit, limits aside."""
    seconds = median(_pass_seconds(problem.program) for _ in range(PASSES))
    return replace(row, outcome="measured", solve_seconds=seconds, call_ms=1000 * seconds)


REFERENCES: Mapping[str, Reference] = {"lp": lp_alone, "pass": one_pass}
"""Named like backends, and measured where one would be; they have no plan."""


def _pass_seconds(program: Program) -> float:
    meter = Meter.start()
    best_places(program)
    return meter.wall_seconds()


def best_places(program: Program) -> np.ndarray:
    """Row of each unit's best open municipality, shape (units,); the first of the closed ones."""
    nothing = np.iinfo(program.points.dtype).min
    blocks = (slice(k, k + BLOCK) for k in range(0, program.shape[0], BLOCK))
    found = [np.where(program.open[b], program.points[b], nothing).argmax(axis=1) for b in blocks]
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)
