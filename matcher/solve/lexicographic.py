"""Lexicographic solve: level 1 to its optimum, then level 2 with level 1 held exactly.

An exact backend only has to maximise one level; this module runs the levels in order.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from matcher.problem.program import Choice, Program
from matcher.problem.score import score
from matcher.solve.columns import PairColumns
from matcher.solve.construction import build_start_plan
from matcher.solve.level_problem import (
    Level1Hold,
    LevelMaximiser,
    LevelProblem,
    LevelSolution,
    weight_of_all_placeable,
)
from matcher.solve.params.solver_params import SolverParams
from matcher.solve.result import BackendResult
from matcher.solve.stopping import Progress, StopCriteria
from matcher.solve.unit_classes import UnitClasses
from matcher.solve.warm_start import WarmStart

STEP_TOLERANCE = 1e-4
"""Share of a step that rounding errors may have subtracted from a bound."""


@dataclass(frozen=True)
class Lexicographic:
    """Maximises level 1, then level 2 with level 1 held.

    Parameters
    ----------
    maximise : callable
        Maximises one level.
    params : SolverParams
    """

    maximise: LevelMaximiser
    params: SolverParams = field(default_factory=SolverParams)

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
        hold = Level1Hold.none(program)
        level1 = LevelProblem(columns, 1, hold, start, stop, seed, progress, params=self.params)
        first = _or_start(self._solve_level1(level1), start)
        after_first = time.perf_counter() - begun
        remaining = max(self.params.priced.time.min_seconds, stop.seconds - after_first)
        second = self._solve_level2(
            replace(level1, stop=replace(stop, seconds=remaining)), first, warm
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
        seconds = self.params.priced.time.level1_share * stop.seconds
        answer = self.maximise(replace(level1, stop=replace(stop, seconds=seconds, gap=0.0)))
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
        accepted_gap = self.params.priced.warm_start.gap_factor * warm.gap
        warm_stop = replace(level1.stop, gap=max(level1.stop.gap, accepted_gap))
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
