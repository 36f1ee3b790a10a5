"""References for solving times: work that every solver must do, measured on the same queue."""

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
"""Number of passes over all pairs; the median time is reported."""
BLOCK = 2048
"""Units in a block of a pass; blocks limit the memory used."""

Reference = Callable[[Problem, Task, Row], Row]


def lp_alone(problem: Problem, task: Task, row: Row) -> Row:
    """Measure the LP bound of level 2: the relaxation alone, from the backends' first plan.

    Level 1 is fixed at the value of that plan, so the bound holds for plans that place as many.
    """
    meter, stops = Meter.start(), Stops()
    start = first_plan(problem.program)
    bound = relax(problem.program, start, task.seconds, stops).bound
    seconds = meter.wall_seconds()
    hold = Hold.of(problem.program, start)
    weight = problem.program.weight
    value = int(weight[hold.units].sum()) if hold.weight is None else hold.weight
    return replace(
        row,
        outcome="bound" if all(limit is None for limit in stops.record) else "loose bound",
        value_1=value / PER_POINT,
        bound_2=bound / PER_POINT,
        solve_seconds=seconds,
    )


def one_pass(problem: Problem, task: Task, row: Row) -> Row:
    """Measure one pass over all pairs: the best open municipality of each unit, without limits."""
    seconds = median(_pass_seconds(problem.program) for _ in range(PASSES))
    return replace(row, outcome="measured", solve_seconds=seconds, call_ms=1000 * seconds)


REFERENCES: Mapping[str, Reference] = {"lp": lp_alone, "pass": one_pass}
"""References by name; they are measured like backends, but have no plan."""


def _pass_seconds(program: Program) -> float:
    meter = Meter.start()
    best_places(program)
    return meter.wall_seconds()


def best_places(program: Program) -> np.ndarray:
    """Return each unit's best open municipality, shape (units,); 0 if none is open."""
    lowest = np.iinfo(program.points.dtype).min
    blocks = (slice(k, k + BLOCK) for k in range(0, program.shape[0], BLOCK))
    best_rows = [
        np.where(program.open[block], program.points[block], lowest).argmax(axis=1)
        for block in blocks
    ]
    return np.concatenate(best_rows) if best_rows else np.zeros(0, dtype=np.int64)
