"""The price-directed solver: prices first, then whole numbers over the few pairs that matter.

The LP relaxation gives a bound over all pairs and, for each pair, by how much the bound falls
if a household goes there. Pairs that fall far cannot be part of a good plan, so the
mixed-integer program is solved over the rest. With a plan in hand, every pair that falls
further than the distance from the plan to the bound is out for certain: what is proved over
the remaining pairs is then proved over all.
"""

import time
from dataclasses import replace

import numpy as np

from matcher.score import score
from matcher.solve import highs
from matcher.solve.columns import Columns
from matcher.solve.levels import Answer, Question
from matcher.solve.relaxation import Relaxation, best_of_each, relax_level
from matcher.solve.result import Stop
from matcher.tables import BoolArray

NEAR = 4
"""Best municipalities of each class that the first program always has."""
FEW = 6_000
"""Columns of the first program."""
MANY = 60_000
"""Columns of the proving program at the most; beyond that the bound of the LP stands."""
PART = 0.4
"""Share of the time for the relaxation, and of the rest for the first program."""


def maximise(question: Question) -> Answer:
    """Maximise one level, proved against the bound over all pairs."""
    end = time.perf_counter() + question.stop.seconds
    relaxation = relax_level(question, PART * question.stop.seconds)
    start = Answer(question.start, _value(question, question.start), relaxation.bound)
    if _good(start, question.stop):
        return start
    few = _few(relaxation, question)
    first = _better(start, _over(question, few, start, PART * (end - time.perf_counter())))
    if _good(first, question.stop) or end - time.perf_counter() < 0.1:
        return first
    return _prove(question, relaxation, first, end)


def _prove(question: Question, relaxation: Relaxation, best: Answer, end: float) -> Answer:
    """Solve over every pair that a better plan could use; what it proves holds for all pairs."""
    assert best.value is not None
    distance = relaxation.bound - best.value
    possible = relaxation.reduced * 1000 >= -distance
    if possible.sum() > MANY:
        return best
    answer = _over(question, possible, best, end - time.perf_counter())
    better = _better(best, answer)
    if answer.bound is None or better.value is None:
        return better
    bound = max(better.value, min(relaxation.bound, answer.bound))
    return Answer(better.choice, better.value, bound)


def _few(relaxation: Relaxation, question: Question) -> BoolArray:
    """The pairs closest to the bound: the best of each class, then the best of all."""
    reduced = relaxation.reduced
    count = min(FEW, reduced.size) - 1
    cut = -np.partition(-reduced.reshape(-1), count)[count]
    near = best_of_each(reduced, NEAR) | (reduced >= max(cut, -1e300))
    return np.asarray(near & np.isfinite(reduced))


def _over(question: Question, only: BoolArray, best: Answer, seconds: float) -> Answer:
    """Solve over some pairs and those of the best plan so far, starting from it."""
    assert best.choice is not None
    classes = question.columns.classes
    kept = only | (classes.amounts(best.choice) > 0)
    stop = Stop(max(0.1, seconds), question.stop.gap / 2, question.stop.cancelled)
    asked = replace(question, columns=Columns.of(classes, kept), start=best.choice, stop=stop)
    return highs.maximise(asked)


def _better(one: Answer, other: Answer) -> Answer:
    """The plan of more value, with the first one's bound."""
    if other.choice is None or (other.value or 0.0) <= (one.value or 0.0):
        return one
    return Answer(other.choice, other.value, one.bound)


def _value(question: Question, choice: np.ndarray) -> float:
    found = score(question.columns.program, choice)
    return float(found.weight if question.level == 1 else found.value)


def _good(answer: Answer, stop: Stop) -> bool:
    assert answer.value is not None and answer.bound is not None
    return answer.bound - answer.value <= stop.gap * max(1.0, abs(answer.bound)) + 0.5
