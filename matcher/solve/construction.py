"""Plans built unit by unit, each where it fits and has most points."""

from collections.abc import Callable

import numpy as np

from matcher.domain.tables.array_types import BoolArray, IntArray
from matcher.problem.program import UNPLACED, Choice, Program
from matcher.problem.remaining_capacity import RemainingCapacity


def order_by_waiting_time(program: Program) -> IntArray:
    """Order units by days waited, longest first, then by their place in the queue."""
    return np.argsort(-program.days_waited, kind="stable")


def order_by_fewest_options(program: Program) -> IntArray:
    """Order units by their number of open municipalities, fewest first, then larger units first."""
    return np.lexsort((-program.size, program.feasible_pairs.sum(axis=1)))


def build_start_plan(program: Program) -> Choice:
    """Build a start plan: the better by level 1 of the plans of two orders."""
    orders = (order_by_waiting_time(program), order_by_fewest_options(program))
    plans = [place_in_order(program, order) for order in orders]
    return max(plans, key=lambda plan: int(program.weight[plan != UNPLACED].sum()))


def place_in_order(
    program: Program,
    order: IntArray,
    choose: Callable[[int, BoolArray], int] | None = None,
    placed: Choice | None = None,
) -> Choice:
    """Place units one by one, each in the municipality with most points that has room for it.

    Parameters
    ----------
    program : Program
    order : int array
        Rows of units, first to last.
    choose : callable or None
        Chooses among the municipalities with room for a unit, given as a mask, instead.
    placed : int array, shape (units,), or None
        A choice whose placed units keep their places.
    """
    empty = np.full(program.shape[0], UNPLACED, dtype=np.int64)
    choice = empty if placed is None else placed.copy()
    room = RemainingCapacity.after_placing(program, choice)
    for unit in order:
        possible = program.feasible_pairs[unit] & room.fits(int(unit))
        if possible.any():
            best = choose(int(unit), possible) if choose else _most_points(program, unit, possible)
            choice[unit] = best
            room.use(int(unit), best)
    return choice


def _most_points(program: Program, unit: int, possible: BoolArray) -> int:
    where = np.flatnonzero(possible)
    return int(where[np.argmax(program.pair_values[unit, where])])
