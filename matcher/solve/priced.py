"""The price-directed solver: prices first, then whole numbers over the pairs that matter.

The LP relaxation gives a bound over all pairs, a plan in fractions, and for every pair by how
much the bound falls if a household goes there. Cuts bring the bound down, and the plan is rounded.
Where few pairs are near the best, SCIP or HiGHS is asked about those at once, then about ever
more of them, until every other pair is out for certain: what is proved over them is then proved
over all. Where many are, the plan is improved part by part first.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import chain

import numpy as np

from matcher.program import PER_POINT, Choice
from matcher.score import score
from matcher.solve import highs, scip
from matcher.solve.again import again, near_pairs, rounded, sizes
from matcher.solve.columns import Columns
from matcher.solve.cutting import tightened
from matcher.solve.lagrangian import Lagrangian, Relaxation
from matcher.solve.levels import Answer, Question
from matcher.solve.neighbourhoods import neighbourhoods
from matcher.solve.relaxation import relax_level, with_flows
from matcher.solve.result import Progress, Stop
from matcher.solve.stopping import Watch
from matcher.tables import BoolArray, IntArray

FEW, SOME, MANY = 12_000, 30_000, 60_000
"""Pairs near the best that are asked about at once, that SCIP is asked about or a part has at the
most, and HiGHS."""
FINAL = 8_000
"""Pairs within reach of the bound that are all asked about at once."""
ENOUGH = 0.25
"""Part of a radius to which a plan over the pairs within it is proved."""
NEAREST, WIDER = 20.0, 4.0
"""Points from the best within which pairs are asked about first, and how many times more next."""
SHORTEST = 0.1
"""Seconds that anything is given at the least."""
RELAXING, CUTTING, ROUNDING, SEARCHING = 0.5, 0.2, 0.3, 0.4
"""Shares of the time that is left, for the relaxation, cuts, rounding and the first search."""
PROVING = 0.6
"""Share of the time that is left in which SCIP may prove what HiGHS is asked otherwise."""
SMALL, LARGE = 60, 500
"""Units of the first neighbourhoods, and of the largest."""
WORTH = 0.05
"""Part of the distance to the bound that a round must gain for another as small as it was."""


def maximise(question: Question) -> Answer:
    """Maximise one level, proved against the bound over all pairs."""
    search = Search(question)
    if question.prices is not None:
        search.improve(SEARCHING)
    search.cut()
    if question.level == 2:
        search.round()
    if question.level == 2 and search.near(NEAREST).sum() > FEW:
        search.improve(1.0)
    search.widen()
    if question.level == 2:
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
        self._tell(self.value, self.bound)

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
    def value(self) -> float:
        """What the best plan is worth, in thousandths."""
        assert self.best.value is not None
        return self.best.value

    @property
    def bound(self) -> float:
        """What no plan can be worth more than, in thousandths."""
        assert self.best.bound is not None
        return self.best.bound

    @property
    def done(self) -> bool:
        """Whether the gap is reached."""
        return _good(self.value, self.bound, self.question.stop)

    def near(self, radius: float) -> BoolArray:
        """Pairs within so many points of the best at the prices, (classes, municipalities)."""
        return np.asarray(self._relaxation.reduced >= -radius)

    def cut(self) -> None:
        """Bring the bound down with cuts, as long as it is worth it."""
        if self.done:
            return
        seconds = self._seconds(CUTTING)
        self._relaxation = tightened(self.question, self._relaxation, self.value, seconds)
        self._prove(self._relaxation.bound)
        self._tell(self.value, self.bound)

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
        pairs, size, before = near_pairs(self._relaxation), SMALL, -np.inf
        while not self.done and size <= LARGE:
            size *= 1 if self.value - before >= WORTH * self._distance else 2
            before = self.value
            parts = (sizes(self.question), self._neighbourhoods(size))
            # After a small change, what it touched comes first: the others then mostly stay.
            for units in chain(*(parts if self.question.prices is None else parts[::-1])):
                if self._ended(watch):
                    return
                self._again(units, pairs, watch)

    def _neighbourhoods(self, size: int) -> Iterator[IntArray]:
        """Units to solve for again, from where the best plan is now."""
        assert self.best.choice is not None
        classes = self.question.columns.classes
        yield from neighbourhoods(classes, self._relaxation, self.best.choice, size)

    def widen(self) -> None:
        """Ask a solver about the pairs near the best, then about ever more of them.

        A plan that uses a pair farther from the best than the others is worth that much less
        than the LP's bound: so what is proved over the near ones is proved over all once the
        distance to the bound has been passed.
        """
        radius = NEAREST
        while not self.done:
            farthest = (self._relaxation.bound - self.value) / PER_POINT
            if radius > farthest or self.near(farthest).sum() <= FINAL:
                radius = farthest
            if self.near(radius).sum() > MANY or not self._ask(radius, radius == farthest):
                return
            radius *= WIDER

    def _ask(self, radius: float, last: bool) -> bool:
        """Ask about pairs within a radius; whether it came to an end with them.

        Before the last radius a good plan is wanted, and no more of a proof than it can bring.
        """
        question, choice = self.question, self.best.choice
        assert choice is not None
        classes = question.columns.classes
        columns = Columns.of(classes, self.near(radius) | (classes.amounts(choice) > 0))
        enough = 0.0 if last else ENOUGH * radius * PER_POINT / max(1.0, abs(self.bound))
        stop = replace(
            question.stop, seconds=self._seconds(1.0), gap=max(question.stop.gap, enough)
        )
        farther = self._relaxation.bound - radius * PER_POINT
        asked = replace(question, columns=columns, start=choice, stop=stop)
        found = self._asked(replace(asked, progress=partial(self._heard, farther)))
        if found.value is None or found.bound is None:
            return False
        self._prove(max(found.value, found.bound, farther))
        self._take(found.choice)
        return _good(found.value, found.bound, stop)

    def _asked(self, question: Question) -> Answer:
        """SCIP's answer about few pairs, mostly the sooner one; else HiGHS', which keeps it all."""
        if len(question.columns) > SOME:
            return highs.maximise(question)
        found = scip.prove(_within(question, self._seconds(PROVING)))
        if found.choice is not None:
            return found
        return highs.maximise(_within(question, self._seconds(1.0)))

    def _heard(self, farther: float, told: Progress) -> None:
        """Tell what the solver says of some pairs as what it means for all of them."""
        if told.value is None or told.bound is None:
            return
        value = max(self.value, told.value * PER_POINT)
        bound = min(self.bound, max(told.bound * PER_POINT, farther))
        self._tell(value, max(value, bound))

    def _ended(self, watch: Watch) -> bool:
        return self.done or watch.over()

    def _again(self, units: IntArray, pairs: BoolArray, watch: Watch) -> None:
        assert self.best.choice is not None
        kinds = np.unique(self.question.columns.classes.of_unit[units])
        if pairs[kinds].sum() > SOME:
            return
        seconds = max(SHORTEST, min(watch.left, watch.seconds))
        self._take(again(self.question, self.best.choice, units, pairs, seconds))

    def _take(self, choice: Choice | None) -> None:
        """Keep a plan if it is the best so far."""
        if choice is None:
            return
        value = self._value(choice)
        if value > self.value:
            self.best = Answer(choice, value, max(value, self.bound))
            self._tell(self.value, self.bound)

    def _prove(self, bound: float) -> None:
        self.best = replace(self.best, bound=max(self.value, min(self.bound, bound)))

    def _value(self, choice: Choice) -> float:
        found = score(self.question.columns.program, choice)
        return float(found.weight if self.question.level == 1 else found.value)

    @property
    def _distance(self) -> float:
        return self.bound - self.value

    def _seconds(self, share: float) -> float:
        """Seconds that a share of the time left comes to, never quite none."""
        left = self._begun + self.question.stop.seconds - time.perf_counter()
        return max(SHORTEST, share * left)

    def _tell(self, value: float, bound: float) -> None:
        seconds = time.perf_counter() - self._begun
        level = self.question.level
        self.question.progress(Progress(level, value / PER_POINT, bound / PER_POINT, seconds))


def _within(question: Question, seconds: float) -> Question:
    """The same question, to be answered in so many seconds."""
    return replace(question, stop=replace(question.stop, seconds=seconds))


def _good(value: float, bound: float, stop: Stop) -> bool:
    """Whether the gap that was asked for is reached."""
    return bound - value <= stop.gap * max(1.0, abs(bound)) + 0.5
