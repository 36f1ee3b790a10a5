"""The price-directed solver: prices first, then integer search over the pairs that matter.

The LP relaxation gives a bound over all pairs, a fractional plan, and for every pair the loss of
the bound if a household goes there. Cuts lower the bound, and the fractional plan is rounded.
Where few pairs are near the best, SCIP or HiGHS solves the program over these pairs, then over
more and more, until the loss of every other pair exceeds the gap: what is proved over the near
pairs is then proved over all. Where many pairs are near, large neighbourhood search improves the
plan first.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import chain

import numpy as np

from matcher.domain.tables.array_types import BoolArray, IntArray
from matcher.problem.program import STEPS_PER_POINT, Choice
from matcher.problem.score import score
from matcher.solve.backends import highs, scip
from matcher.solve.columns import PairColumns
from matcher.solve.level_problem import LevelProblem, LevelSolution
from matcher.solve.priced.cut_loop import tighten_with_cuts
from matcher.solve.priced.lagrangian import LagrangianDual, Relaxation
from matcher.solve.priced.lns import (
    iterate_size_groups,
    mark_near_pairs,
    resolve_units,
    round_relaxation,
)
from matcher.solve.priced.neighbourhoods import iterate_neighbourhoods
from matcher.solve.priced.relaxation import solve_for_flows, solve_level_relaxation
from matcher.solve.stopping import Progress, SearchClock, StopCriteria


def maximise(level_problem: LevelProblem) -> LevelSolution:
    """Maximise one level, with a bound proved over all pairs."""
    search, params = PricedSearch(level_problem), level_problem.params.priced
    if level_problem.prices is not None:
        search.improve_by_lns(params.time.warm_lns_share)
    search.tighten_bound()
    if level_problem.level == 2:
        search.round_relaxation()
    near_pairs = search.pairs_within(params.widening.first_radius).sum()
    if level_problem.level == 2 and near_pairs > params.widening.direct_max_pairs:
        search.improve_by_lns(1.0)
    search.widen_and_prove()
    if level_problem.level == 2:
        search.improve_by_lns(1.0)
    return search.best


class PricedSearch:
    """The best plan and bound so far, and the steps that improve them within the time.

    Parameters
    ----------
    level_problem : LevelProblem
    """

    def __init__(self, level_problem: LevelProblem) -> None:
        self.level_problem, self._params = level_problem, level_problem.params.priced
        self._begun, self._clock = time.perf_counter(), level_problem.stop.stop_log.clock
        self._clock_begun = self._clock.now()
        start = self._value(level_problem.start)
        self._relaxation = self._solve_relaxation(start)
        self.best = LevelSolution(level_problem.start, start, max(start, self._relaxation.bound))
        self._report(self.value, self.bound)

    def _solve_relaxation(self, value: float) -> Relaxation:
        """Solve the relaxation, unless the start prices already prove the gap asked for."""
        question = self.level_problem
        if question.prices is not None:
            evaluated = LagrangianDual.of(question).evaluate(question.prices)
            if _gap_reached(value, evaluated.bound, question.stop):
                amounts = question.columns.classes.amounts(question.start)
                return replace(evaluated, flows=amounts.astype(np.float64))
        return solve_level_relaxation(question, self._seconds(self._params.time.relaxation_share))

    @property
    def value(self) -> float:
        """Value of the best plan, in thousandths."""
        assert self.best.value is not None
        return self.best.value

    @property
    def bound(self) -> float:
        """Upper bound on the value of every plan, in thousandths."""
        assert self.best.bound is not None
        return self.best.bound

    @property
    def gap_reached(self) -> bool:
        """Whether the gap asked for is reached."""
        return _gap_reached(self.value, self.bound, self.level_problem.stop)

    def pairs_within(self, radius: float) -> BoolArray:
        """Mark pairs within ``radius`` points of the best; shape (classes, municipalities)."""
        return np.asarray(self._relaxation.reduced_values >= -radius)

    def tighten_bound(self) -> None:
        """Lower the bound with cuts, as long as they gain enough."""
        if self.gap_reached:
            return
        seconds = self._seconds(self._params.time.cut_share)
        self._relaxation = tighten_with_cuts(
            self.level_problem, self._relaxation, self.value, seconds
        )
        self._lower_bound_to(self._relaxation.bound)
        self._report(self.value, self.bound)

    def round_relaxation(self) -> None:
        """Round the LP's plan, and keep the result if it is better."""
        if self.gap_reached:
            return
        share = self._params.time.rounding_share
        if not self._relaxation.flows.any():
            self._relaxation = solve_for_flows(
                self.level_problem, self._relaxation, self._seconds(share)
            )
        if self._relaxation.flows.any():
            self._keep_if_better(
                round_relaxation(self.level_problem, self._relaxation, self._seconds(share))
            )

    def improve_by_lns(self, time_share: float) -> None:
        """Improve the plan by neighbourhood search for a share of the remaining time.

        Ends earlier when the largest neighbourhoods no longer gain enough.
        """
        stop, params = self.level_problem.stop, self._params.lns
        watch = stop.stop_log.start_search(self._seconds(time_share), stop.cancelled)
        pairs = mark_near_pairs(self._relaxation, params)
        size, before = params.first_neighbourhood_units, -np.inf
        while not self.gap_reached and size <= params.last_neighbourhood_units:
            is_gaining = self.value - before >= params.min_round_gain * self._distance
            size *= 1 if is_gaining else params.size_factor
            before = self.value
            parts = (iterate_size_groups(self.level_problem), self._neighbourhoods(size))
            # After a warm start the neighbourhoods, where the change is, come before the sizes.
            for units in chain(*(parts if self.level_problem.prices is None else parts[::-1])):
                if self._is_over(watch):
                    return
                self._resolve(units, pairs, watch)

    def _neighbourhoods(self, size: int) -> Iterator[IntArray]:
        """Yield neighbourhoods of the plan that is best at the time of the first one."""
        assert self.best.choice is not None
        classes = self.level_problem.columns.classes
        yield from iterate_neighbourhoods(
            classes, self._relaxation, self.best.choice, size, self._params.lns
        )

    def widen_and_prove(self) -> None:
        """Search the pairs near the best exactly, then more and more pairs.

        A plan that uses a pair at some distance from the best is worth at least that distance
        less than the LP's bound. So once the radius exceeds the gap, what is proved over the
        pairs within it is proved over all pairs.
        """
        params = self._params.widening
        radius = params.first_radius
        while not self.gap_reached:
            farthest = (self._relaxation.bound - self.value) / STEPS_PER_POINT
            if radius > farthest or self.pairs_within(farthest).sum() <= params.final_max_pairs:
                radius = farthest
            if self.pairs_within(radius).sum() > params.highs_max_pairs:
                return
            if not self._search_within(radius, radius == farthest):
                return
            radius *= params.radius_factor

    def _search_within(self, radius: float, last: bool) -> bool:
        """Search the pairs within a radius; return whether the search reached its gap.

        Before the last radius the purpose is a good plan: the gap asked for is a share of the
        radius, as a closer proof over these pairs would not prove more over all pairs.
        """
        question, choice = self.level_problem, self.best.choice
        assert choice is not None
        classes = question.columns.classes
        columns = PairColumns.of(classes, self.pairs_within(radius) | (classes.amounts(choice) > 0))
        share = 0.0 if last else self._params.widening.radius_gap_share
        gap = share * radius * STEPS_PER_POINT / max(1.0, abs(self.bound))
        stop = replace(question.stop, seconds=self._seconds(1.0), gap=max(question.stop.gap, gap))
        farther = self._relaxation.bound - radius * STEPS_PER_POINT
        pair_problem = replace(question, columns=columns, start=choice, stop=stop)
        solution = self._solve_pairs(
            replace(pair_problem, progress=partial(self._report_pair_progress, farther))
        )
        if solution.value is None or solution.bound is None:
            return False
        self._lower_bound_to(max(solution.value, solution.bound, farther))
        self._keep_if_better(solution.choice)
        return _gap_reached(solution.value, solution.bound, stop)

    def _solve_pairs(self, question: LevelProblem) -> LevelSolution:
        """Solve few pairs with SCIP, mostly the faster; else with HiGHS, which returns any plan."""
        if len(question.columns) > self._params.widening.scip_max_pairs:
            return highs.maximise(question)
        seconds = self._seconds(self._params.time.scip_share)
        solution = scip.maximise_or_nothing(_with_seconds(question, seconds))
        if solution.choice is not None:
            return solution
        return highs.maximise(_with_seconds(question, self._seconds(1.0)))

    def _report_pair_progress(self, farther: float, progress: Progress) -> None:
        """Report a solver's progress on a subset of pairs as progress over all pairs."""
        if progress.value is None or progress.bound is None:
            return
        value = max(self.value, progress.value * STEPS_PER_POINT)
        bound = min(self.bound, max(progress.bound * STEPS_PER_POINT, farther))
        self._report(value, max(value, bound))

    def _is_over(self, watch: SearchClock) -> bool:
        return self.gap_reached or watch.should_stop(self._params.work.subproblem_seconds)

    def _resolve(self, units: IntArray, pairs: BoolArray, watch: SearchClock) -> None:
        assert self.best.choice is not None
        unit_classes = np.unique(self.level_problem.columns.classes.class_of_unit[units])
        if pairs[unit_classes].sum() > self._params.lns.max_pairs:
            return
        seconds = max(self._params.time.min_seconds, min(watch.remaining, watch.seconds))
        self._keep_if_better(
            resolve_units(self.level_problem, self.best.choice, units, pairs, seconds)
        )

    def _keep_if_better(self, choice: Choice | None) -> None:
        """Keep a plan if it is better than the best so far."""
        if choice is None:
            return
        value = self._value(choice)
        if value > self.value:
            self.best = LevelSolution(choice, value, max(value, self.bound))
            self._report(self.value, self.bound)

    def _lower_bound_to(self, bound: float) -> None:
        self.best = replace(self.best, bound=max(self.value, min(self.bound, bound)))

    def _value(self, choice: Choice) -> float:
        recomputed = score(self.level_problem.columns.program, choice)
        return float(recomputed.weight if self.level_problem.level == 1 else recomputed.value)

    @property
    def _distance(self) -> float:
        return self.bound - self.value

    def _seconds(self, share: float) -> float:
        """Return a share of the remaining time in seconds, at least the least time of a step."""
        used = self._clock.now() - self._clock_begun
        remaining = self.level_problem.stop.seconds - used
        return max(self._params.time.min_seconds, share * remaining)

    def _report(self, value: float, bound: float) -> None:
        seconds = time.perf_counter() - self._begun
        level = self.level_problem.level
        self.level_problem.progress(
            Progress(level, value / STEPS_PER_POINT, bound / STEPS_PER_POINT, seconds)
        )


def _with_seconds(question: LevelProblem, seconds: float) -> LevelProblem:
    """Return the same problem with another time limit."""
    return replace(question, stop=replace(question.stop, seconds=seconds))


def _gap_reached(value: float, bound: float, stop: StopCriteria) -> bool:
    """Return whether the gap asked for is reached."""
    return bound - value <= stop.gap * max(1.0, abs(bound)) + 0.5
