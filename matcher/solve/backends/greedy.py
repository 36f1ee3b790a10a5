"""Baseline that follows today's practice: longest waiting first, each to its best open place."""

from collections.abc import Callable

from matcher.problem.program import Program
from matcher.solve.construction import order_by_waiting_time, place_in_order
from matcher.solve.result import BackendResult
from matcher.solve.stopping import Progress, StopCriteria


def greedy(
    program: Program, stop: StopCriteria, seed: int, progress: Callable[[Progress], None]
) -> BackendResult:
    """Place the longest waiting first, in the queue's order among equals."""
    return BackendResult(place_in_order(program, order_by_waiting_time(program)))
