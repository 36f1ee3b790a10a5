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
from matcher.solve.restoring import hold_level1, restore_places
from matcher.solve.result import BackendResult
from matcher.solve.stopping import Progress, StopCriteria
from matcher.solve.unit_classes import UnitClasses
from matcher.solve.warm_start import WarmStart
from matcher.solve.who_is_placed import improve_who_is_placed

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
        begun, clock_begun = time.perf_counter(), stop.stop_log.clock.now()
        columns = PairColumns.of(UnitClasses.of(program))
        start = build_start_plan(program) if warm is None else warm.build_start_plan(program)
        start = improve_who_is_placed(program, start)
        if not len(columns):
            value = float(score(program, start).value)
            return BackendResult(start, (0.0, value), (0.0, value))
        hold = Level1Hold.none(program)
        level1 = LevelProblem(columns, 1, hold, start, stop, seed, progress, params=self.params)
        first = _or_start(self._solve_level1(level1), start)
        after_first = time.perf_counter() - begun
        used = stop.stop_log.clock.now() - clock_begun
        remaining = max(self.params.priced.time.min_seconds, stop.seconds - used)
        second = self._solve_level2(
            replace(level1, stop=replace(stop, seconds=remaining)), first, warm
        )
        second = _or_start(second, first.choice)
        seconds = (after_first, time.perf_counter() - begun - after_first)
        return BackendResult(
            second.choice, (first.value, second.value), (first.bound, second.bound), seconds
        )

    def _solve_level1(self, level1: LevelProblem) -> LevelSolution:
        """Solve level 1; a start that places every unit with an open pair is already optimal.

        Whatever stops the search, no insertion or exchange improves what it returns.
        """
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
        if answer.choice is None:
            return LevelSolution(None, None, bound)
        return LevelSolution(improve_who_is_placed(program, answer.choice), answer.value, bound)

    def _solve_level2(
        self, level1: LevelProblem, first: LevelSolution, warm: WarmStart | None
    ) -> LevelSolution:
        """Solve level 2 with level 1 held; keep as much of an earlier plan as the value allows."""
        assert first.choice is not None
        question = hold_level1(level1, first.choice)
        if warm is None:
            return _settle(question, self.maximise(question))
        reserved = self.params.priced.time.restoring_share * level1.stop.seconds
        start = restore_places(question, first.choice, warm.choice, reserved / 2)
        accepted_gap = self.params.priced.warm_start.gap_factor * warm.gap
        stop = level1.stop
        seconds = max(self.params.priced.time.min_seconds, stop.seconds - reserved)
        warm_stop = replace(stop, gap=max(stop.gap, accepted_gap), seconds=seconds)
        answer = self.maximise(replace(question, start=start, stop=warm_stop, prices=warm.prices))
        if answer.choice is not None:
            aligned = question.columns.classes.align_with(answer.choice, warm.choice)
            answer = replace(answer, choice=aligned)
        return _settle(question, _or_start(answer, start), warm, reserved / 2)


def _settle(
    question: LevelProblem,
    answer: LevelSolution,
    warm: WarmStart | None = None,
    seconds: float = 0.0,
) -> LevelSolution:
    """Restore moved units, and improve who is placed, until neither changes anything.

    Level 2 may place others than level 1 did, of the same weight, and so make an exchange
    possible that was not. The bound of level 2 holds for a higher level 1 as well.
    """
    if answer.choice is None:
        return answer
    choice, value, program = answer.choice, answer.value, question.columns.program
    while True:
        if warm is not None:
            choice = restore_places(question, choice, warm.choice, seconds)
        improved = improve_who_is_placed(program, choice)
        if np.array_equal(improved, choice):
            return LevelSolution(choice, value, answer.bound)
        question, choice, value = hold_level1(question, improved), improved, None


def _or_start(answer: LevelSolution, start: Choice | None) -> LevelSolution:
    """Use the start plan when a backend found no plan in time."""
    return LevelSolution(start, None, answer.bound) if answer.choice is None else answer


def _round_down_to_step(bound: float, step: int) -> float:
    """Round a bound down to a multiple of a step, allowing for rounding errors below it."""
    return float(np.floor(bound / step + STEP_TOLERANCE) * step)
