"""Level by level: the first at its optimum, then the second with the first held exactly.

An exact backend only has to maximise one level; the order of the levels lives here.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar, Protocol

import numpy as np

from matcher.program import UNPLACED, Choice, Program
from matcher.score import score
from matcher.solve.classes import Classes
from matcher.solve.columns import Columns
from matcher.solve.greedy import first_plan
from matcher.solve.prices import Prices
from matcher.solve.result import Attempt, Progress, Stop
from matcher.solve.warm import Warm
from matcher.tables import BoolArray

NEARLY = 1.05
"""Times the gap of an earlier plan that are as good as the same: the last of it would move many."""
ROUNDING = 1e-4
"""Part of a step that rounding errors may have taken from a bound."""


@dataclass(frozen=True, eq=False)
class Hold:
    """What level 2 must keep of level 1.

    Parameters
    ----------
    weight : int or None
        Level-1 value in thousandths; None when ``units`` says it all.
    units : bool array, shape (units,)
        Units that must be placed.
    """

    weight: int | None
    units: BoolArray

    @classmethod
    def nothing(cls, program: Program) -> "Hold":
        """Nothing to keep, as at level 1 itself."""
        return cls(None, np.zeros(program.shape[0], dtype=np.bool_))

    @classmethod
    def of(cls, program: Program, choice: Choice) -> "Hold":
        """Keep the level-1 value of a choice; unit by unit where all that fit are placed."""
        weight = int(program.weight[choice != UNPLACED].sum())
        everyone = weight == most_weight(program)
        units = program.open.any(axis=1) & (program.weight > 0) & everyone
        return cls(None if everyone else weight, np.asarray(units))


@dataclass(frozen=True, eq=False)
class Question:
    """One level to maximise.

    Parameters
    ----------
    columns : Columns
    level : int
        1 or 2.
    hold : Hold
        What must be kept of level 1.
    start : int array, shape (units,)
        A choice that keeps all rules, to start from.
    stop : Stop
    seed : int
    progress : callable
    prices : Prices or None
        Prices to start from, such as those of a plan of much the same problem.
    """

    columns: Columns
    level: int
    hold: Hold
    start: Choice
    stop: Stop
    seed: int
    progress: Callable[[Progress], None]
    prices: Prices | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Best choice found at a level (None for none), its claimed value, a proven upper bound."""

    choice: Choice | None
    value: float | None
    bound: float | None


class Maximise(Protocol):
    """An exact backend: maximises one level of a program."""

    def __call__(self, question: Question) -> Answer:
        """Answer in thousandths."""
        ...


@dataclass(frozen=True)
class LevelByLevel:
    """A backend that asks for level 1, then for level 2 with level 1 held."""

    can_be_warm: ClassVar[bool] = True
    maximise: Maximise

    def __call__(
        self,
        program: Program,
        stop: Stop,
        seed: int,
        progress: Callable[[Progress], None],
        warm: Warm | None = None,
    ) -> Attempt:
        """Solve within the limits; the time that level 1 leaves goes to level 2."""
        begun = time.perf_counter()
        columns = Columns.of(Classes.of(program))
        start = first_plan(program) if warm is None else warm.start(program)
        if not len(columns):
            value = float(score(program, start).value)
            return Attempt(start, (0.0, value), (0.0, value))
        asked = Question(columns, 1, Hold.nothing(program), start, stop, seed, progress)
        first = _or_start(self._first(asked), start)
        after_first = time.perf_counter() - begun
        second = self._second(replace(asked, stop=_rest(stop, after_first)), first, warm)
        second = _or_start(second, first.choice)
        seconds = (after_first, time.perf_counter() - begun - after_first)
        return Attempt(
            second.choice, (first.value, second.value), (first.bound, second.bound), seconds
        )

    def _first(self, asked: Question) -> Answer:
        """Level 1, proved at once where the start already places all that can be placed."""
        program, stop = asked.columns.program, asked.stop
        most = most_weight(program)
        value = score(program, asked.start).weight
        if value == most:
            return Answer(asked.start, value, most)
        answer = self.maximise(
            replace(asked, stop=replace(stop, seconds=stop.seconds / 2, gap=0.0))
        )
        # Weights are multiples of a common step, and so is whatever can be reached.
        step = max(1, int(np.gcd.reduce(program.weight)))
        bound = most if answer.bound is None else min(most, _down(answer.bound, step))
        return Answer(answer.choice, answer.value, bound)

    def _second(self, asked: Question, first: Answer, warm: Warm | None) -> Answer:
        """Level 2 with level 1 held; with an earlier plan, as much of it as makes no difference."""
        assert first.choice is not None
        hold = Hold.of(asked.columns.program, first.choice)
        columns = Columns.of(Classes.of(asked.columns.program, hold.units))
        question = replace(asked, columns=columns, level=2, hold=hold, start=first.choice)
        if warm is None:
            return self.maximise(question)
        enough = replace(asked.stop, gap=max(asked.stop.gap, NEARLY * warm.gap))
        answer = self.maximise(replace(question, stop=enough, prices=warm.prices))
        if answer.choice is None:
            return answer
        return replace(answer, choice=columns.classes.closest(answer.choice, warm.choice))


def _or_start(answer: Answer, start: Choice | None) -> Answer:
    """Fall back on the plan that a backend started from when it found none in time."""
    return Answer(start, None, answer.bound) if answer.choice is None else answer


def _down(bound: float, step: int) -> float:
    """The highest multiple of a step up to a bound, which rounding may have put a little low."""
    return float(np.floor(bound / step + ROUNDING) * step)


def most_weight(program: Program) -> int:
    """Level 1 if every unit that fits anywhere were placed."""
    return int(program.weight[program.open.any(axis=1)].sum())


def _rest(stop: Stop, used: float) -> Stop:
    return replace(stop, seconds=max(0.1, stop.seconds - used))
