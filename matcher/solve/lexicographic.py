"""Lexicographic solve: level 1 to its optimum, then level 2 with level 1 held exactly.

An exact backend only has to maximise one level; this module runs the levels in order.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar, Protocol

import numpy as np

from matcher.domain.tables import BoolArray
from matcher.problem.prices import Prices
from matcher.problem.program import UNPLACED, Choice, Program
from matcher.problem.score import score
from matcher.solve.columns import PairColumns
from matcher.solve.construction import build_start_plan
from matcher.solve.result import BackendResult, Progress, StopCriteria
from matcher.solve.unit_classes import UnitClasses
from matcher.solve.warm_start import WarmStart

WARM_GAP_FACTOR = 1.05
"""Accept 1.05 times the earlier plan's gap: closing the last 5 % would move many households."""
STEP_TOLERANCE = 1e-4
"""Share of a step that rounding errors may have subtracted from a bound."""


@dataclass(frozen=True, eq=False)
class Level1Hold:
    """What level 2 must keep of level 1.

    Parameters
    ----------
    min_weight : int or None
        Level-1 value in thousandths to reach; None when ``units`` already implies it.
    required_units : bool array, shape (units,)
        Units that must be placed.
    """

    min_weight: int | None
    required_units: BoolArray

    @classmethod
    def none(cls, program: Program) -> "Level1Hold":
        """Return the empty hold, which level 1 itself is solved under."""
        return cls(None, np.zeros(program.shape[0], dtype=np.bool_))

    @classmethod
    def of(cls, program: Program, choice: Choice) -> "Level1Hold":
        """Hold the level-1 value of a choice; by unit if every unit with an open pair is placed."""
        weight = int(program.weight[choice != UNPLACED].sum())
        everyone = weight == weight_of_all_placeable(program)
        units = program.feasible_pairs.any(axis=1) & (program.weight > 0) & everyone
        return cls(None if everyone else weight, np.asarray(units))


@dataclass(frozen=True, eq=False)
class LevelProblem:
    """One level to maximise.

    Parameters
    ----------
    columns : PairColumns
    level : int
        1 or 2.
    hold : Level1Hold
        What level 2 must keep of level 1.
    start : int array, shape (units,)
        Start choice, which keeps all rules.
    stop : StopCriteria
    seed : int
    progress : callable
    prices : Prices or None
        Start prices, such as those of an earlier plan for almost the same problem.
    """

    columns: PairColumns
    level: int
    hold: Level1Hold
    start: Choice
    stop: StopCriteria
    seed: int
    progress: Callable[[Progress], None]
    prices: Prices | None = None


@dataclass(frozen=True, slots=True)
class LevelSolution:
    """Best choice of a level (None without one), its claimed value, a proven upper bound."""

    choice: Choice | None
    value: float | None
    bound: float | None


class LevelMaximiser(Protocol):
    """Solver of an exact backend: maximises one level of a program."""

    def __call__(self, level_problem: LevelProblem) -> LevelSolution:
        """Maximise the level, and return value and bound in thousandths."""
        ...


@dataclass(frozen=True)
class Lexicographic:
    """A backend that maximises level 1, then level 2 with level 1 held."""

    accepts_warm_start: ClassVar[bool] = True
    maximise: LevelMaximiser

    def __call__(
        self,
        program: Program,
        stop: StopCriteria,
        seed: int,
        progress: Callable[[Progress], None],
        warm: WarmStart | None = None,
    ) -> BackendResult:
        """Solve within the limits; level 2 gets the time that level 1 does not use."""
        begun = time.perf_counter()
        columns = PairColumns.of(UnitClasses.of(program))
        start = build_start_plan(program) if warm is None else warm.build_start_plan(program)
        if not len(columns):
            value = float(score(program, start).value)
            return BackendResult(start, (0.0, value), (0.0, value))
        level1 = LevelProblem(columns, 1, Level1Hold.none(program), start, stop, seed, progress)
        first = _or_start(self._solve_level1(level1), start)
        after_first = time.perf_counter() - begun
        second = self._solve_level2(
            replace(level1, stop=_remaining_stop(stop, after_first)), first, warm
        )
        second = _or_start(second, first.choice)
        seconds = (after_first, time.perf_counter() - begun - after_first)
        return BackendResult(
            second.choice, (first.value, second.value), (first.bound, second.bound), seconds
        )

    def _solve_level1(self, level1: LevelProblem) -> LevelSolution:
        """Solve level 1; a start that places every unit with an open pair is already optimal."""
        program, stop = level1.columns.program, level1.stop
        max_weight = weight_of_all_placeable(program)
        value = score(program, level1.start).weight
        if value == max_weight:
            return LevelSolution(level1.start, value, max_weight)
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
        return LevelSolution(answer.choice, answer.value, bound)

    def _solve_level2(
        self, level1: LevelProblem, first: LevelSolution, warm: WarmStart | None
    ) -> LevelSolution:
        """Solve level 2 with level 1 held; keep as much of an earlier plan as the value allows."""
        assert first.choice is not None
        hold = Level1Hold.of(level1.columns.program, first.choice)
        columns = PairColumns.of(UnitClasses.of(level1.columns.program, hold.required_units))
        question = replace(level1, columns=columns, level=2, hold=hold, start=first.choice)
        if warm is None:
            return self.maximise(question)
        warm_stop = replace(level1.stop, gap=max(level1.stop.gap, WARM_GAP_FACTOR * warm.gap))
        answer = self.maximise(replace(question, stop=warm_stop, prices=warm.prices))
        if answer.choice is None:
            return answer
        return replace(answer, choice=columns.classes.align_with(answer.choice, warm.choice))


def _or_start(answer: LevelSolution, start: Choice | None) -> LevelSolution:
    """Use the start plan when a backend found no plan in time."""
    return LevelSolution(start, None, answer.bound) if answer.choice is None else answer


def _round_down_to_step(bound: float, step: int) -> float:
    """Round a bound down to a multiple of a step, allowing for rounding errors below it."""
    return float(np.floor(bound / step + STEP_TOLERANCE) * step)


def weight_of_all_placeable(program: Program) -> int:
    """Return the level-1 value if every unit with an open pair were placed."""
    return int(program.weight[program.feasible_pairs.any(axis=1)].sum())


def _remaining_stop(stop: StopCriteria, used: float) -> StopCriteria:
    return replace(stop, seconds=max(0.1, stop.seconds - used))
