"""Lexicographic solve: level 1 to its optimum, then level 2 with level 1 held exactly.

An exact backend only has to maximise one level; this module runs the levels in order.
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

WARM_GAP_FACTOR = 1.05
"""Accept 1.05 times the earlier plan's gap: closing the last 5 % would move many households."""
STEP_TOLERANCE = 1e-4
"""Share of a step that rounding errors may have subtracted from a bound."""


@dataclass(frozen=True, eq=False)
class Hold:
    """What level 2 must keep of level 1.

    Parameters
    ----------
    weight : int or None
        Level-1 value in thousandths to reach; None when ``units`` already implies it.
    units : bool array, shape (units,)
        Units that must be placed.
    """

    weight: int | None
    units: BoolArray

    @classmethod
    def nothing(cls, program: Program) -> "Hold":
        """Return the empty hold, which level 1 itself is solved under."""
        return cls(None, np.zeros(program.shape[0], dtype=np.bool_))

    @classmethod
    def of(cls, program: Program, choice: Choice) -> "Hold":
        """Hold the level-1 value of a choice; by unit if every unit with an open pair is placed."""
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
        What level 2 must keep of level 1.
    start : int array, shape (units,)
        Start choice, which keeps all rules.
    stop : Stop
    seed : int
    progress : callable
    prices : Prices or None
        Start prices, such as those of an earlier plan for almost the same problem.
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
    """Best choice of a level (None without one), its claimed value, a proven upper bound."""

    choice: Choice | None
    value: float | None
    bound: float | None


class Maximise(Protocol):
    """Solver of an exact backend: maximises one level of a program."""

    def __call__(self, question: Question) -> Answer:
        """Maximise the level, and return value and bound in thousandths."""
        ...


@dataclass(frozen=True)
class LevelByLevel:
    """A backend that maximises level 1, then level 2 with level 1 held."""

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
        """Solve within the limits; level 2 gets the time that level 1 does not use."""
        begun = time.perf_counter()
        columns = Columns.of(Classes.of(program))
        start = first_plan(program) if warm is None else warm.start(program)
        if not len(columns):
            value = float(score(program, start).value)
            return Attempt(start, (0.0, value), (0.0, value))
        level1 = Question(columns, 1, Hold.nothing(program), start, stop, seed, progress)
        first = _or_start(self._solve_level1(level1), start)
        after_first = time.perf_counter() - begun
        second = self._solve_level2(
            replace(level1, stop=_remaining_stop(stop, after_first)), first, warm
        )
        second = _or_start(second, first.choice)
        seconds = (after_first, time.perf_counter() - begun - after_first)
        return Attempt(
            second.choice, (first.value, second.value), (first.bound, second.bound), seconds
        )

    def _solve_level1(self, level1: Question) -> Answer:
        """Solve level 1; a start that places every unit with an open pair is already optimal."""
        program, stop = level1.columns.program, level1.stop
        max_weight = most_weight(program)
        value = score(program, level1.start).weight
        if value == max_weight:
            return Answer(level1.start, value, max_weight)
        answer = self.maximise(
            replace(level1, stop=replace(stop, seconds=stop.seconds / 2, gap=0.0))
        )
        # All weights are multiples of a common step, so every level-1 value is one as well.
        step = max(1, int(np.gcd.reduce(program.weight)))
        bound = (
            max_weight
            if answer.bound is None
            else min(max_weight, _round_down_to_step(answer.bound, step))
        )
        return Answer(answer.choice, answer.value, bound)

    def _solve_level2(self, level1: Question, first: Answer, warm: Warm | None) -> Answer:
        """Solve level 2 with level 1 held; keep as much of an earlier plan as the value allows."""
        assert first.choice is not None
        hold = Hold.of(level1.columns.program, first.choice)
        columns = Columns.of(Classes.of(level1.columns.program, hold.units))
        question = replace(level1, columns=columns, level=2, hold=hold, start=first.choice)
        if warm is None:
            return self.maximise(question)
        warm_stop = replace(level1.stop, gap=max(level1.stop.gap, WARM_GAP_FACTOR * warm.gap))
        answer = self.maximise(replace(question, stop=warm_stop, prices=warm.prices))
        if answer.choice is None:
            return answer
        return replace(answer, choice=columns.classes.closest(answer.choice, warm.choice))


def _or_start(answer: Answer, start: Choice | None) -> Answer:
    """Use the start plan when a backend found no plan in time."""
    return Answer(start, None, answer.bound) if answer.choice is None else answer


def _round_down_to_step(bound: float, step: int) -> float:
    """Round a bound down to a multiple of a step, allowing for rounding errors below it."""
    return float(np.floor(bound / step + STEP_TOLERANCE) * step)


def most_weight(program: Program) -> int:
    """Return the level-1 value if every unit with an open pair were placed."""
    return int(program.weight[program.open.any(axis=1)].sum())


def _remaining_stop(stop: Stop, used: float) -> Stop:
    return replace(stop, seconds=max(0.1, stop.seconds - used))
