"""Large neighbourhood search: solve for some units again while all other units stay.

The units freed together are first those that the rounded-down LP solution leaves unplaced, then
households of one size, which compete for the same places, then neighbourhoods, whose households
can exchange places. HiGHS solves such a subproblem, mostly within a second, and a plan is only
replaced by a better one.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from matcher.program import UNPLACED, Choice
from matcher.score import score
from matcher.solve import highs
from matcher.solve.classes import Classes
from matcher.solve.columns import Columns
from matcher.solve.greedy import fewest_first, place_in_order
from matcher.solve.lagrangian import Relaxation, best_of_each
from matcher.solve.levels import Hold, Question
from matcher.solve.part import part_of
from matcher.solve.result import silent
from matcher.tables import BoolArray, IntArray

LARGEST_SIZE_GROUP = 6
"""Household size in persons from which on all sizes form one group."""
NEAR_MUNICIPALITIES = 30
"""Municipalities of each class, the best at the prices, that a subproblem is solved over."""
NEAR_POINTS = 5.0
"""Distance in points from a class's best pair within which a pair is always included."""
FLOW_TOLERANCE = 1e-6
"""Numerical error that is allowed in an LP flow before it is rounded down."""
ROUNDING_GAP_PER_UNIT = 20.0
"""Absolute gap in points, per unplaced unit, allowed when the rounded plan is completed.

A rough solution is enough here, as the plan is improved afterwards.
"""
MUNICIPALITIES_TO_CLEAR = 4
"""How many of an unplaced household's best municipalities are freed to make room for it."""
MIN_SECONDS = 0.1
"""Least time of one subproblem, in seconds."""
MAX_NODES = 50
"""Most nodes of branch and bound in one subproblem."""


def near_pairs(relaxation: Relaxation, count: int = NEAR_MUNICIPALITIES) -> BoolArray:
    """Mark the best pairs of each class at the prices, and the pairs that the LP uses.

    Ties are broken at random, so that equal classes do not all get the same municipalities.
    """
    random = np.random.Generator(np.random.PCG64(2))
    spread = relaxation.reduced - random.random(relaxation.reduced.shape, dtype=np.float32)
    near = relaxation.reduced >= -NEAR_POINTS
    return np.asarray(best_of_each(spread, count) | near | relaxation.taken)


def rounded(question: Question, relaxation: Relaxation, seconds: float) -> Choice | None:
    """Round the LP's flows down, and solve for the units that are then unplaced; None on failure.

    Where these units do not all fit beside the placed ones, they are placed one by one along the
    prices. A unit that still has no place is solved for together with the units of its best
    municipalities.
    """
    whole_flows = np.floor(relaxation.flows + FLOW_TOLERANCE).astype(np.int64)
    unit_class, municipality = np.nonzero(whole_flows)
    plan = question.columns.classes.choice(
        unit_class, municipality, whole_flows[unit_class, municipality]
    )
    if score(question.columns.program, plan).broken:
        return None
    pairs, unplaced = near_pairs(relaxation), np.flatnonzero(plan == UNPLACED)
    completed = again(
        question, plan, unplaced, pairs, seconds, within=ROUNDING_GAP_PER_UNIT * len(unplaced)
    )
    if completed is None:
        plan = _place_along_prices(question, relaxation, plan)
        completed = _make_room_for_each(question, relaxation, plan, pairs, seconds)
    return completed


def _place_along_prices(question: Question, relaxation: Relaxation, plan: Choice) -> Choice:
    """Place the unplaced units one by one in the best municipality at the prices that has room."""
    program, classes = question.columns.program, question.columns.classes

    def dearest(unit: int, possible: BoolArray) -> int:
        where = np.flatnonzero(possible)
        return int(where[np.argmax(relaxation.reduced[classes.of_unit[unit], where])])

    order = fewest_first(program)
    return place_in_order(program, order[plan[order] == UNPLACED], dearest, beside=plan)


def _make_room_for_each(
    question: Question, relaxation: Relaxation, plan: Choice, pairs: BoolArray, seconds: float
) -> Choice | None:
    """Make room for each required unit without a place; None when there is no room or no time."""
    watch = question.stop.stops.watch(seconds, question.stop.cancelled)
    classes = question.columns.classes
    for unit in np.flatnonzero(question.hold.units & (plan == UNPLACED)).tolist():
        if watch.over():
            return None
        wanted = np.argsort(-relaxation.reduced[classes.of_unit[unit]], kind="stable")[
            :MUNICIPALITIES_TO_CLEAR
        ]
        movable = np.flatnonzero(np.isin(plan, wanted))
        time_limit = max(MIN_SECONDS, min(watch.left, seconds))
        completed = again(question, plan, np.append(movable, unit), pairs, time_limit)
        if completed is None:
            return None
        plan = completed
    weight = int(question.columns.program.weight[plan != UNPLACED].sum())
    return plan if weight >= (question.hold.weight or 0) else None


def sizes(question: Question) -> Iterator[IntArray]:
    """Yield the units of each household size, which compete for the same places."""
    size = np.minimum(question.columns.program.size, LARGEST_SIZE_GROUP)
    for persons in np.unique(size):
        yield np.flatnonzero(size == persons)


def again(
    question: Question,
    choice: Choice,
    units: IntArray,
    pairs: BoolArray,
    seconds: float,
    *,
    within: float = 0.0,
) -> Choice | None:
    """Solve for some units over some pairs, while all other units stay where a choice has them.

    Parameters
    ----------
    question : Question
    choice : int array, shape (units,)
        Keeps all rules.
    units : int array, shape (free,)
        Rows of the units to solve for again.
    pairs : bool array, shape (classes, municipalities)
        Pairs that may be used beside those of ``choice``.
    seconds : float
        Time limit.
    within : float
        Absolute gap in points at which the search may end.

    Returns
    -------
    int array, shape (units,), or None
        A choice that keeps all rules and the level-1 hold; None when the search has none.
    """
    if not len(units):
        return choice
    program, classes_of_all = question.columns.program, question.columns.classes
    part, hold = part_of(program, choice, units), _subproblem_hold(question, choice, units)
    classes = Classes.of(part, hold.units)
    current = choice[units]
    pair_mask = pairs[classes_of_all.of_unit[units[classes.first]]] | (classes.amounts(current) > 0)
    subproblem = replace(
        question,
        columns=Columns.of(classes, pair_mask),
        hold=hold,
        start=current,
        stop=replace(question.stop, seconds=seconds, gap=0.0),
        progress=silent,
    )
    part_choice = highs.maximise(subproblem, nodes=MAX_NODES, within=within).choice
    if part_choice is None:
        return None
    out = choice.copy()
    out[units] = part_choice
    return out


def _subproblem_hold(question: Question, choice: Choice, units: IntArray) -> Hold:
    """Return what the freed units must keep of level 1, given the units that stay."""
    hold, weight = question.hold, question.columns.program.weight
    if hold.weight is None:
        return Hold(None, hold.units[units])
    fixed_placed = choice != UNPLACED
    fixed_placed[units] = False
    return Hold(max(0, hold.weight - int(weight[fixed_placed].sum())), hold.units[units])
