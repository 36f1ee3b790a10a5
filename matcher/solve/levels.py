"""Level by level: the first at its optimum, then the second with the first held exactly.

An exact backend only has to maximise one level; the order of the levels lives here.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from matcher.program import UNPLACED, Choice, Program
from matcher.score import score
from matcher.solve.classes import Classes
from matcher.solve.columns import Columns
from matcher.solve.greedy import first_plan
from matcher.solve.result import Attempt, Progress, Stop
from matcher.tables import BoolArray


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
    """

    columns: Columns
    level: int
    hold: Hold
    start: Choice
    stop: Stop
    seed: int
    progress: Callable[[Progress], None]


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

    maximise: Maximise

    def __call__(
        self, program: Program, stop: Stop, seed: int, progress: Callable[[Progress], None]
    ) -> Attempt:
        """Solve within the limits; the time that level 1 leaves goes to level 2."""
        begun = time.perf_counter()
        columns = Columns.of(Classes.of(program))
        start = first_plan(program)
        if not len(columns):
            value = float(score(program, start).value)
            return Attempt(start, (0.0, value), (0.0, value))
        first = _or_start(self._first(columns, start, stop, seed, progress), start)
        after_first = time.perf_counter() - begun
        second = self._second(columns, first, _rest(stop, after_first), seed, progress)
        second = _or_start(second, first.choice)
        seconds = (after_first, time.perf_counter() - begun - after_first)
        return Attempt(
            second.choice, (first.value, second.value), (first.bound, second.bound), seconds
        )

    def _first(
        self,
        columns: Columns,
        start: Choice,
        stop: Stop,
        seed: int,
        progress: Callable[[Progress], None],
    ) -> Answer:
        """Level 1, proved at once where the start already places all that can be placed."""
        program = columns.program
        most = most_weight(program)
        value = score(program, start).weight
        if value == most:
            return Answer(start, value, most)
        exact = replace(stop, seconds=stop.seconds / 2, gap=0.0)
        question = Question(columns, 1, Hold.nothing(program), start, exact, seed, progress)
        answer = self.maximise(question)
        bound = most if answer.bound is None else min(most, answer.bound)
        return Answer(answer.choice, answer.value, bound)

    def _second(
        self,
        columns: Columns,
        first: Answer,
        stop: Stop,
        seed: int,
        progress: Callable[[Progress], None],
    ) -> Answer:
        assert first.choice is not None
        hold = Hold.of(columns.program, first.choice)
        question = Question(columns, 2, hold, first.choice, stop, seed, progress)
        return self.maximise(question)


def _or_start(answer: Answer, start: Choice | None) -> Answer:
    """Fall back on the plan that a backend started from when it found none in time."""
    return Answer(start, None, answer.bound) if answer.choice is None else answer


def most_weight(program: Program) -> int:
    """Level 1 if every unit that fits anywhere were placed."""
    return int(program.weight[program.open.any(axis=1)].sum())


def _rest(stop: Stop, used: float) -> Stop:
    return replace(stop, seconds=max(0.1, stop.seconds - used))
