"""References for solving times: work that every solver must do, measured on the same queue."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from statistics import median

import numpy as np

from benchmarks.meter import Meter
from benchmarks.row import Row, Task
from matcher.problem.problem import Problem
from matcher.problem.program import STEPS_PER_POINT, Program
from matcher.solve.construction import build_start_plan
from matcher.solve.level_problem import Level1Hold
from matcher.solve.priced.relaxation import solve_relaxation
from matcher.solve.stopping import StopLog

PASSES = 5
"""Number of passes over all pairs; the median time is reported."""
BLOCK = 2048
"""Units in a block of a pass; blocks limit the memory used."""

ReferenceMeasurement = Callable[[Problem, Task, Row], Row]


def measure_lp_bound(problem: Problem, task: Task, row: Row) -> Row:
    """Measure the LP bound of level 2: the relaxation alone, from the backends' first plan.

    Level 1 is fixed at the value of that plan, so the bound holds for plans that place as many.
    """
    meter, stops = Meter.start(), StopLog()
    start = build_start_plan(problem.program)
    bound = solve_relaxation(problem.program, start, task.seconds, stops).bound
    seconds = meter.wall_seconds()
    hold = Level1Hold.of(problem.program, start)
    weight = problem.program.weight
    value = int(weight[hold.required_units].sum()) if hold.min_weight is None else hold.min_weight
    return replace(
        row,
        outcome="bound" if all(limit is None for limit in stops.stop_checks) else "loose bound",
        value_1=value / STEPS_PER_POINT,
        bound_2=bound / STEPS_PER_POINT,
        solve_seconds=seconds,
    )


def measure_pair_pass(problem: Problem, task: Task, row: Row) -> Row:
    """Measure one pass over all pairs: the best open municipality of each unit, without limits."""
    seconds = median(_pass_seconds(problem.program) for _ in range(PASSES))
    return replace(row, outcome="measured", solve_seconds=seconds, call_ms=1000 * seconds)


REFERENCES: Mapping[str, ReferenceMeasurement] = {"lp": measure_lp_bound, "pass": measure_pair_pass}
"""References by name; they are measured like backends, but have no plan."""


def _pass_seconds(program: Program) -> float:
    meter = Meter.start()
    best_open_places(program)
    return meter.wall_seconds()


def best_open_places(program: Program) -> np.ndarray:
    """Return each unit's best open municipality, shape (units,); 0 if none is open."""
    lowest = np.iinfo(program.pair_values.dtype).min
    blocks = (slice(k, k + BLOCK) for k in range(0, program.shape[0], BLOCK))
    best_rows = [
        np.where(program.feasible_pairs[block], program.pair_values[block], lowest).argmax(axis=1)
        for block in blocks
    ]
    return np.concatenate(best_rows) if best_rows else np.zeros(0, dtype=np.int64)
