"""The price-directed solver: prices first, then whole numbers over the pairs that matter.

The LP relaxation gives a bound over all pairs, a plan in fractions, and for every pair by how
much the bound falls if a household goes there. The plan is rounded, and improved part by part.
Where few pairs remain by which the bound does not fall below the plan, HiGHS is asked about all
of those at once: every other pair is out for certain, so what is proved over them is proved over
all.
"""

import time
from dataclasses import replace

import numpy as np

from matcher.program import PER_POINT, Choice
from matcher.score import score
from matcher.solve import highs
from matcher.solve.again import again, near_pairs, parts, rounded
from matcher.solve.columns import Columns
from matcher.solve.lagrangian import Lagrangian, Relaxation
from matcher.solve.levels import Answer, Question
from matcher.solve.relaxation import relax_level, with_flows
from matcher.solve.result import Progress, Stop
from matcher.solve.stopping import Watch
from matcher.tables import BoolArray, IntArray

FEW, MANY = 12_000, 60_000
"""Pairs that can be left when the proof starts at once, and when it starts at all."""
SHORTEST = 0.1
"""Seconds that anything is given at the least."""
RELAXING, ROUNDING, SEARCHING = 0.5, 0.4, 0.4
"""Shares of the time that is left, for the relaxation, for rounding and for the first search."""
WORTH = 0.05
"""Part of the distance to the bound that a round of the search must gain for another."""


def maximise(question: Question) -> Answer:
    """Maximise one level, proved against the bound over all pairs."""
    search = Search(question)
    if question.prices is not None:
        search.improve(SEARCHING)
    if question.level == 2:
        search.round()
    if question.level == 2 and search.left.sum() > FEW:
        search.improve(SEARCHING)
    if search.left.sum() <= MANY:
        search.prove()
    elif question.level == 2:
        search.improve(1.0)
    return search.best


class Search:
    """The best plan and bound so far, and what can be done about them in the time.

    Parameters
    ----------
    question : Question
    """

    def __init__(self, question: Question) -> None:
        self.question = question
        self._begun = time.perf_counter()
        start = self._value(question.start)
        self._relaxation = self._relaxed(start)
        self.best = Answer(question.start, start, max(start, self._relaxation.bound))
        self._tell()

    def _relaxed(self, value: float) -> Relaxation:
        """Solve the relaxation, unless the prices to start from prove enough already."""
        question = self.question
        if question.prices is not None:
            found = Lagrangian.of(question).at(question.prices)
            if _good(value, found.bound, question.stop):
                amounts = question.columns.classes.amounts(question.start)
                return replace(found, flows=amounts.astype(np.float64))
        return relax_level(question, self._seconds(RELAXING))

    @property
    def done(self) -> bool:
        """Whether the gap is reached."""
        assert self.best.value is not None and self.best.bound is not None
        return _good(self.best.value, self.best.bound, self.question.stop)

    @property
    def left(self) -> BoolArray:
        """Pairs that a better plan could use, shape (classes, municipalities)."""
        assert self.best.value is not None
        distance = (self._relaxation.bound - self.best.value) / PER_POINT
        return np.asarray(self._relaxation.reduced >= -distance)

    def round(self) -> None:
        """Take the LP's plan, rounded, where that is better."""
        if self.done:
            return
        if not self._relaxation.flows.any():
            seconds = self._seconds(ROUNDING)
            self._relaxation = with_flows(self.question, self._relaxation, seconds)
        if self._relaxation.flows.any():
            self._take(rounded(self.question, self._relaxation, self._seconds(ROUNDING)))

    def improve(self, share: float) -> None:
        """Solve part by part again for a share of the time, as long as it is worth it."""
        stop = self.question.stop
        watch = stop.stops.watch(self._seconds(share), stop.cancelled)
        pairs, gained = near_pairs(self._relaxation), np.inf
        while gained >= WORTH * self._distance and not self.done:
            before = self._distance
            for units in parts(self.question):
                if self._ended(watch):
                    return
                self._again(units, pairs, watch)
            gained = before - self._distance

    def prove(self) -> None:
        """Ask HiGHS about all pairs that a better plan could use."""
        if self.done:
            return
        question, choice = self.question, self.best.choice
        assert choice is not None
        classes = question.columns.classes
        columns = Columns.of(classes, self.left | (classes.amounts(choice) > 0))
        stop = replace(question.stop, seconds=self._seconds(1.0))
        found = highs.maximise(replace(question, columns=columns, start=choice, stop=stop))
        self._take(found.choice)
        self._prove(found.bound)

    def _ended(self, watch: Watch) -> bool:
        return self.done or watch.over()

    def _again(self, units: IntArray, pairs: BoolArray, watch: Watch) -> None:
        assert self.best.choice is not None
        seconds = max(SHORTEST, min(watch.left, watch.seconds))
        self._take(again(self.question, self.best.choice, units, pairs, seconds))

    def _take(self, choice: Choice | None) -> None:
        """Keep a plan if it is the best so far."""
        if choice is None:
            return
        value = self._value(choice)
        assert self.best.value is not None and self.best.bound is not None
        if value > self.best.value:
            self.best = Answer(choice, value, max(value, self.best.bound))
            self._tell()

    def _prove(self, bound: float | None) -> None:
        assert self.best.value is not None and self.best.bound is not None
        if bound is not None:
            lower = max(self.best.value, min(self.best.bound, bound))
            self.best = replace(self.best, bound=lower)

    def _value(self, choice: Choice) -> float:
        found = score(self.question.columns.program, choice)
        return float(found.weight if self.question.level == 1 else found.value)

    @property
    def _distance(self) -> float:
        assert self.best.value is not None and self.best.bound is not None
        return self.best.bound - self.best.value

    def _seconds(self, share: float) -> float:
        """Seconds that a share of the time left comes to, never quite none."""
        left = self._begun + self.question.stop.seconds - time.perf_counter()
        return max(SHORTEST, share * left)

    def _tell(self) -> None:
        value, bound = self.best.value, self.best.bound
        assert value is not None and bound is not None
        seconds = time.perf_counter() - self._begun
        level = self.question.level
        self.question.progress(Progress(level, value / PER_POINT, bound / PER_POINT, seconds))


def _good(value: float, bound: float, stop: Stop) -> bool:
    """Whether the gap that was asked for is reached."""
    return bound - value <= stop.gap * max(1.0, abs(bound)) + 0.5
