"""Better plans by solving a part of the queue again while all others stay.

What is left of the LP's plan when it is rounded down is one part; then households of one size,
which compete for the same places, and neighbourhoods, who can make way for each other. Each part
is small enough for HiGHS to solve it, mostly at once, and a plan only ever gets better.
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

LARGE = 6
"""Persons from which on all sizes are taken together."""
NEAR = 30
"""Municipalities of each class that a part is solved over, those that are best at the prices."""
WITHIN = 5.0
"""Points from a class's best within which a part may always go."""
NEARLY = 1e-6
"""What the LP's numbers may be off."""
ROUGH = 20.0
"""Points for each unit left by which the solution of a rounded plan may be off: parts follow."""
ROOM = 4
"""Municipalities, the best for a household without a place, where room is made for it."""
SHORTEST = 0.1
"""Seconds that a part is given at the least."""
NODES = 50
"""Of branch and bound in a part at the most."""


def near_pairs(relaxation: Relaxation, count: int = NEAR) -> BoolArray:
    """Mark the best pairs of each class at the prices, equals spread out, and those of the LP."""
    random = np.random.Generator(np.random.PCG64(2))
    spread = relaxation.reduced - random.random(relaxation.reduced.shape, dtype=np.float32)
    near = relaxation.reduced >= -WITHIN
    return np.asarray(best_of_each(spread, count) | near | relaxation.taken)


def rounded(question: Question, relaxation: Relaxation, seconds: float) -> Choice | None:
    """Round the LP's plan down, and solve for those whom that leaves; None when it fails.

    Where they do not all fit beside the others, they are placed one by one, and those that have
    no place then are solved for with whoever is where they would rather be.
    """
    whole = np.floor(relaxation.flows + NEARLY).astype(np.int64)
    kind, municipality = np.nonzero(whole)
    plan = question.columns.classes.choice(kind, municipality, whole[kind, municipality])
    if score(question.columns.program, plan).broken:
        return None
    pairs, left = near_pairs(relaxation), np.flatnonzero(plan == UNPLACED)
    found = again(question, plan, left, pairs, seconds, within=ROUGH * len(left))
    if found is None:
        plan = _one_by_one(question, relaxation, plan)
        found = _squeezed_in(question, relaxation, plan, pairs, seconds)
    return found


def _one_by_one(question: Question, relaxation: Relaxation, plan: Choice) -> Choice:
    """Place who is left where the prices say, as long as it fits."""
    program, classes = question.columns.program, question.columns.classes

    def dearest(unit: int, possible: BoolArray) -> int:
        where = np.flatnonzero(possible)
        return int(where[np.argmax(relaxation.reduced[classes.of_unit[unit], where])])

    order = fewest_first(program)
    return place_in_order(program, order[plan[order] == UNPLACED], dearest, beside=plan)


def _squeezed_in(
    question: Question, relaxation: Relaxation, plan: Choice, pairs: BoolArray, seconds: float
) -> Choice | None:
    """Make room for each that must be placed and is not; None when there is none, or no time."""
    watch = question.stop.stops.watch(seconds, question.stop.cancelled)
    classes = question.columns.classes
    for unit in np.flatnonzero(question.hold.units & (plan == UNPLACED)).tolist():
        if watch.over():
            return None
        wanted = np.argsort(-relaxation.reduced[classes.of_unit[unit]], kind="stable")[:ROOM]
        there = np.flatnonzero(np.isin(plan, wanted))
        given = max(SHORTEST, min(watch.left, seconds))
        found = again(question, plan, np.append(there, unit), pairs, given)
        if found is None:
            return None
        plan = found
    weight = int(question.columns.program.weight[plan != UNPLACED].sum())
    return plan if weight >= (question.hold.weight or 0) else None


def sizes(question: Question) -> Iterator[IntArray]:
    """Units of every size: households of one size compete for the same places."""
    size = np.minimum(question.columns.program.size, LARGE)
    for one in np.unique(size):
        yield np.flatnonzero(size == one)


def again(
    question: Question,
    choice: Choice,
    units: IntArray,
    pairs: BoolArray,
    seconds: float,
    *,
    within: float = 0.0,
) -> Choice | None:
    """Solve for some units, over some pairs, with all others where a choice has them.

    Parameters
    ----------
    question : Question
    choice : int array, shape (units,)
        Keeps all rules.
    units : int array, shape (free,)
    pairs : bool array, shape (classes, municipalities)
    seconds : float
    within : float
        Points from the best that are near enough.

    Returns
    -------
    int array, shape (units,), or None
        A choice that keeps all rules and what is held; None when none is found.
    """
    if not len(units):
        return choice
    program, whole = question.columns.program, question.columns.classes
    part, hold = part_of(program, choice, units), _held(question, choice, units)
    classes = Classes.of(part, hold.units)
    mine = choice[units]
    kept = pairs[whole.of_unit[units[classes.first]]] | (classes.amounts(mine) > 0)
    asked = replace(
        question,
        columns=Columns.of(classes, kept),
        hold=hold,
        start=mine,
        stop=replace(question.stop, seconds=seconds, gap=0.0),
        progress=silent,
    )
    found = highs.maximise(asked, nodes=NODES, within=within).choice
    if found is None:
        return None
    out = choice.copy()
    out[units] = found
    return out


def _held(question: Question, choice: Choice, units: IntArray) -> Hold:
    """What the units must keep of level 1 beside all others."""
    hold, weight = question.hold, question.columns.program.weight
    if hold.weight is None:
        return Hold(None, hold.units[units])
    others = choice != UNPLACED
    others[units] = False
    return Hold(max(0, hold.weight - int(weight[others].sum())), hold.units[units])
