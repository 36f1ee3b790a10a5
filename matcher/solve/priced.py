"""The price-directed solver: prices first, then whole numbers over the few pairs that matter.

The LP relaxation gives a bound over all pairs, the pairs its solution uses, and for every pair
by how much the bound falls if a household goes there. Mixed-integer programs over growing sets
of pairs find ever better plans: those the LP uses, then the best few of each class. With a plan
in hand, every pair that falls further than the plan is from the bound is out for certain, so
what is proved over the remaining pairs is proved over all.
"""

import time
from dataclasses import replace

import numpy as np

from matcher.program import PER_POINT, Choice
from matcher.score import score
from matcher.solve import highs
from matcher.solve.columns import Columns
from matcher.solve.levels import Answer, Question
from matcher.solve.relaxation import Relaxation, best_of_each, relax_level
from matcher.solve.result import Stop
from matcher.tables import BoolArray

NEAR = 12
"""Best municipalities of each class in the second program."""
FEW, MANY = 20_000, 60_000
"""Pairs that can be left when the proof starts at once, and when it starts at all."""
RELAXING, USED, NEARBY = 0.5, 0.2, 0.5
"""Shares of the time that is left, for the relaxation and the first and second programs."""


def maximise(question: Question) -> Answer:
    """Maximise one level, proved against the bound over all pairs."""
    clock = _Clock(question.stop.seconds)
    relaxation = relax_level(question, clock.share(RELAXING))
    best = Answer(question.start, _value(question, question.start), relaxation.bound)
    best = _over(question, relaxation.taken, best, clock.share(USED))
    if _left(relaxation, best).sum() > FEW:
        near = best_of_each(relaxation.reduced, NEAR) | relaxation.taken
        best = _over(question, near, best, clock.share(NEARBY))
    left = _left(relaxation, best)
    if left.sum() > MANY:
        return best
    return _over(question, left, best, clock.share(1.0), proves=True)


class _Clock:
    """What is left of the time."""

    def __init__(self, seconds: float) -> None:
        self._end = time.perf_counter() + seconds

    def share(self, part: float) -> float:
        """Seconds that a part of the time left comes to, never quite none."""
        return max(0.1, part * (self._end - time.perf_counter()))


def _left(relaxation: Relaxation, best: Answer) -> BoolArray:
    """Pairs that a better plan than this one could use, shape (classes, municipalities)."""
    assert best.value is not None
    distance = (relaxation.bound - best.value) / PER_POINT
    return np.asarray(relaxation.reduced >= -distance)


def _over(
    question: Question, only: BoolArray, best: Answer, seconds: float, proves: bool = False
) -> Answer:
    """Solve over some pairs and those of the best plan so far, starting from it.

    With ``proves`` the pairs are all that a better plan could use, so the bound counts.
    """
    assert best.choice is not None and best.value is not None and best.bound is not None
    if _good(best, question.stop):
        return best
    classes = question.columns.classes
    kept = only | (classes.amounts(best.choice) > 0)
    gap = question.stop.gap if proves else question.stop.gap / 2
    stop = replace(question.stop, seconds=seconds, gap=gap)
    columns = Columns.of(classes, kept)
    found = highs.maximise(replace(question, columns=columns, start=best.choice, stop=stop))
    if found.choice is not None and found.value is not None and found.value > best.value:
        best = Answer(found.choice, found.value, best.bound)
    if not proves or found.bound is None or best.bound is None or best.value is None:
        return best
    return Answer(best.choice, best.value, max(best.value, min(best.bound, found.bound)))


def _value(question: Question, choice: Choice) -> float:
    found = score(question.columns.program, choice)
    return float(found.weight if question.level == 1 else found.value)


def _good(answer: Answer, stop: Stop) -> bool:
    assert answer.value is not None and answer.bound is not None
    return answer.bound - answer.value <= stop.gap * max(1.0, abs(answer.bound)) + 0.5
