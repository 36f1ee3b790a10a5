"""Large neighbourhood search: solve for some units again while all other units stay.

The units freed together are first those that the rounded-down LP solution leaves unplaced, then
households of one size, which compete for the same places, then neighbourhoods, whose households
can exchange places. HiGHS solves such a subproblem, mostly within a second, and a plan is only
replaced by a better one.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from matcher.domain.tables.array_types import BoolArray, IntArray
from matcher.problem.program import UNPLACED, Choice
from matcher.problem.score import score
from matcher.solve.backends import highs
from matcher.solve.columns import PairColumns
from matcher.solve.construction import order_by_fewest_options, place_in_order
from matcher.solve.level_problem import LevelProblem
from matcher.solve.params.search_params import LnsParams
from matcher.solve.priced.lagrangian import Relaxation, mark_best_of_each_row
from matcher.solve.priced.subproblem import build_subproblem, subproblem_hold
from matcher.solve.stopping import ignore_progress
from matcher.solve.unit_classes import UnitClasses

FLOW_TOLERANCE = 1e-6
"""Numerical error that is allowed in an LP flow before it is rounded down."""


def mark_near_pairs(relaxation: Relaxation, params: LnsParams) -> BoolArray:
    """Mark the best pairs of each class at the prices, and the pairs that the LP uses.

    Ties are broken at random, so that equal classes do not all get the same municipalities.
    """
    random = np.random.Generator(np.random.PCG64(2))
    spread = relaxation.reduced_values - random.random(
        relaxation.reduced_values.shape, dtype=np.float32
    )
    best = mark_best_of_each_row(spread, params.near_municipalities)
    near = relaxation.reduced_values >= -params.near_points
    return np.asarray(best | near | relaxation.used_pairs)


def round_relaxation(
    level_problem: LevelProblem, relaxation: Relaxation, seconds: float
) -> Choice | None:
    """Round the LP's flows down, and solve for the units that are then unplaced; None on failure.

    Where these units do not all fit beside the placed ones, they are placed one by one along the
    prices. A unit that still has no place is solved for together with the units of its best
    municipalities.
    """
    whole_flows = np.floor(relaxation.flows + FLOW_TOLERANCE).astype(np.int64)
    unit_class, municipality = np.nonzero(whole_flows)
    plan = level_problem.columns.classes.choice_of_flows(
        unit_class, municipality, whole_flows[unit_class, municipality]
    )
    if score(level_problem.columns.program, plan).broken_rules:
        return None
    params = level_problem.params.priced.lns
    pairs, unplaced = mark_near_pairs(relaxation, params), np.flatnonzero(plan == UNPLACED)
    gap = params.rounding_gap_per_unit * len(unplaced)
    completed = resolve_units(level_problem, plan, unplaced, pairs, seconds, absolute_gap=gap)
    if completed is None:
        plan = _place_along_prices(level_problem, relaxation, plan)
        completed = _make_room_for_each(level_problem, relaxation, plan, pairs, seconds)
    return completed


def _place_along_prices(question: LevelProblem, relaxation: Relaxation, plan: Choice) -> Choice:
    """Place the unplaced units one by one in the best municipality at the prices that has room."""
    program, classes = question.columns.program, question.columns.classes

    def dearest(unit: int, possible: BoolArray) -> int:
        where = np.flatnonzero(possible)
        return int(where[np.argmax(relaxation.reduced_values[classes.class_of_unit[unit], where])])

    order = order_by_fewest_options(program)
    return place_in_order(program, order[plan[order] == UNPLACED], dearest, placed=plan)


def _make_room_for_each(
    question: LevelProblem, relaxation: Relaxation, plan: Choice, pairs: BoolArray, seconds: float
) -> Choice | None:
    """Make room for each required unit without a place; None when there is no room or no time."""
    watch = question.stop.stop_log.start_search(seconds, question.stop.cancelled)
    classes, params = question.columns.classes, question.params.priced.lns
    for unit in np.flatnonzero(question.hold.required_units & (plan == UNPLACED)).tolist():
        if watch.should_stop():
            return None
        reduced = relaxation.reduced_values[classes.class_of_unit[unit]]
        wanted = np.argsort(-reduced, kind="stable")[: params.municipalities_to_clear]
        movable = np.flatnonzero(np.isin(plan, wanted))
        time_limit = max(params.min_subproblem_seconds, min(watch.remaining, seconds))
        completed = resolve_units(question, plan, np.append(movable, unit), pairs, time_limit)
        if completed is None:
            return None
        plan = completed
    weight = int(question.columns.program.weight[plan != UNPLACED].sum())
    return plan if weight >= (question.hold.min_weight or 0) else None


def iterate_size_groups(level_problem: LevelProblem) -> Iterator[IntArray]:
    """Yield the units of each household size, which compete for the same places."""
    largest_group = level_problem.params.priced.lns.largest_size_group
    size = np.minimum(level_problem.columns.program.size, largest_group)
    for persons in np.unique(size):
        yield np.flatnonzero(size == persons)


def resolve_units(
    level_problem: LevelProblem,
    choice: Choice,
    units: IntArray,
    pairs: BoolArray,
    seconds: float,
    *,
    absolute_gap: float = 0.0,
) -> Choice | None:
    """Solve for some units over some pairs, while all other units stay where a choice has them.

    Parameters
    ----------
    level_problem : LevelProblem
    choice : int array, shape (units,)
        Keeps all rules.
    units : int array, shape (free,)
        Rows of the units to solve for again.
    pairs : bool array, shape (classes, municipalities)
        Pairs that may be used beside those of ``choice``.
    seconds : float
        Time limit.
    absolute_gap : float
        Absolute gap in points at which the search may end.

    Returns
    -------
    int array, shape (units,), or None
        A choice that keeps all rules and the level-1 hold; None when the search has none.
    """
    if not len(units):
        return choice
    program, classes_of_all = level_problem.columns.program, level_problem.columns.classes
    part, hold = (
        build_subproblem(program, choice, units),
        subproblem_hold(level_problem, choice, units),
    )
    classes = UnitClasses.of(part, hold.required_units)
    current = choice[units]
    pair_mask = pairs[classes_of_all.class_of_unit[units[classes.representative]]] | (
        classes.amounts(current) > 0
    )
    subproblem = replace(
        level_problem,
        columns=PairColumns.of(classes, pair_mask),
        hold=hold,
        start=current,
        stop=replace(level_problem.stop, seconds=seconds, gap=0.0),
        progress=ignore_progress,
    )
    max_nodes = level_problem.params.priced.lns.max_nodes
    part_choice = highs.maximise(subproblem, max_nodes, absolute_gap).choice
    if part_choice is None:
        return None
    out = choice.copy()
    out[units] = part_choice
    return out
