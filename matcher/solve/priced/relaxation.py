"""The LP relaxation by column generation: prices, and a bound proved over all pairs.

Only few municipalities matter to a household, so the LP starts with those and adds the pairs
whose reduced cost says that they could improve it. The bound is the Lagrangian dual at the prices
over *all* pairs; it holds for any prices, so an early stop only loosens it. Large queues are
priced from coarse to fine: the first LP joins all classes with the same use, so it is small and
has almost the same prices; the next LPs have more and more classes.
"""

from dataclasses import replace

import numpy as np

from matcher.domain.tables.array_types import BoolArray, FloatArray
from matcher.problem.prices import Prices
from matcher.problem.program import Choice, Program
from matcher.solve.columns import PairColumns
from matcher.solve.level_problem import Level1Hold, LevelProblem
from matcher.solve.params.solver_params import SolverParams
from matcher.solve.priced.lagrangian import LagrangianDual, Relaxation, mark_best_of_each_row
from matcher.solve.priced.restricted_master import RestrictedMaster
from matcher.solve.stopping import SearchClock, StopCriteria, StopLog, ignore_progress
from matcher.solve.unit_classes import UnitClasses


def solve_relaxation(
    program: Program,
    choice: Choice,
    seconds: float = 600.0,
    stop_log: StopLog | None = None,
    params: SolverParams | None = None,
) -> Relaxation:
    """Solve the LP relaxation of level 2 with level 1 held.

    Parameters
    ----------
    program : Program
    choice : int array, shape (units,)
        A plan that keeps all rules; its level-1 value is held, its pairs make the LP feasible.
    seconds : float
        Time limit; when it is reached, the best bound so far is returned.
    stop_log : StopLog or None
        Records where the clock stopped the search, or repeats an earlier record.
    params : SolverParams or None
        None for the defaults.
    """
    hold, params = Level1Hold.of(program, choice), params or SolverParams()
    stop_log = stop_log or StopLog(params=params.priced.stopping)
    stop = StopCriteria(seconds, 0.0, stop_log=stop_log)
    columns = PairColumns.of(UnitClasses.of(program, hold.required_units))
    return solve_level_relaxation(
        LevelProblem(columns, 2, hold, choice, stop, 0, ignore_progress, params=params), seconds
    )


def solve_level_relaxation(level_problem: LevelProblem, seconds: float) -> Relaxation:
    """Solve the LP relaxation of any level, from coarse prices to fine ones."""
    stop, params = level_problem.stop, level_problem.params.priced.relaxation
    watch, prices = stop.stop_log.start_search(seconds, stop.cancelled), level_problem.prices
    for coarse in reversed(_coarser_problems(level_problem)):
        prices = _generate_columns(coarse, prices, params.coarse_distance, watch).prices
    distance = max(params.exact_distance, stop.gap * params.gap_share)
    return _generate_columns(level_problem, prices, distance, watch)


def _coarser_problems(question: LevelProblem) -> list[LevelProblem]:
    """Build problems of fewer and fewer classes with the same rows, the finest first."""
    out: list[LevelProblem] = []
    classes, params = question.columns.classes, question.params.priced.relaxation
    while question.prices is None and len(classes.representative) > params.max_coarsest_classes:
        fewer = classes.coarsen(len(classes.representative) // params.coarsening_factor)
        if 2 * len(fewer.representative) > len(classes.representative):
            break
        out.append(replace(question, columns=PairColumns.of(fewer)))
        classes = fewer
    return out


def _generate_columns(
    question: LevelProblem, start_prices: Prices | None, distance: float, watch: SearchClock
) -> Relaxation:
    """Generate columns until no pair can improve the LP, or the time is up.

    With few columns the prices swing from round to round. When start prices are given, the prices
    stay within a box around the best prices so far. The box moves when the bound improves, shrinks
    when it does not, and grows when the LP is solved within it but the box binds.
    """
    lagrangian, params = LagrangianDual.of(question), question.params.priced.relaxation
    best = lagrangian.evaluate(start_prices or Prices.zero(question.columns.program))
    if watch.stopped_at is not None:
        return best
    inside, master = _first_pairs(best.reduced_values, question), RestrictedMaster(question)
    radius = params.price_box_radius if start_prices else np.inf
    master.add_pairs(inside)
    while True:
        master.set_price_box(best.prices, radius)
        value, prices = master.solve(max(params.min_lp_seconds, watch.remaining_time))
        if master.was_interrupted:
            watch.record_cutoff(at_last_check=True)
            return best
        evaluated = lagrangian.evaluate(prices)
        radius *= 1.0 if evaluated.bound < best.bound else params.price_box_shrink
        best = min(evaluated, best, key=lambda r: r.bound)
        more = _improving_pairs(evaluated.reduced_values, inside, params.max_pairs_per_class)
        exact = best.bound - value <= distance * abs(value) + 1.0 or not more.any()
        if exact and not master.price_box_binds:
            return replace(best, flows=master.flows())
        if watch.should_stop():
            return best
        radius *= params.price_box_factor if exact else 1.0
        master.add_pairs(more)
        inside |= more


def solve_for_flows(level_problem: LevelProblem, best: Relaxation, seconds: float) -> Relaxation:
    """Add LP flows to a relaxation, from an LP over the best pairs at its prices.

    Needed where a relaxation ended before its LP was solved. The flows stay zeros when the time
    is too short again.
    """
    watch = level_problem.stop.stop_log.start_search(seconds, level_problem.stop.cancelled)
    if watch.repeats_no_result:
        return best
    master = RestrictedMaster(level_problem)
    master.add_pairs(_first_pairs(best.reduced_values, level_problem))
    master.set_price_box(best.prices, np.inf)
    min_seconds = level_problem.params.priced.relaxation.min_lp_seconds
    master.solve(max(min_seconds, watch.remaining_time))
    if not master.was_interrupted:
        return replace(best, flows=master.flows())
    watch.record_cutoff()
    return best


def _first_pairs(reduced: FloatArray, question: LevelProblem) -> BoolArray:
    """Mark the first pairs: the best at the prices, ties broken at random, and the start's."""
    classes = question.columns.classes
    random = np.random.Generator(np.random.PCG64(1))
    spread = reduced - random.random(reduced.shape, dtype=np.float32)
    pairs = mark_best_of_each_row(spread, question.params.priced.relaxation.first_municipalities)
    pairs |= classes.amounts(question.start) > 0
    return np.asarray(pairs & classes.open)


def _improving_pairs(
    reduced: FloatArray, inside_pairs: BoolArray, max_pairs_per_class: int
) -> BoolArray:
    """Mark the best outside pairs that are better than every inside pair of their class."""
    inside = np.where(inside_pairs, reduced, -np.inf).max(axis=1, initial=-np.inf)
    outside = np.where(inside_pairs, -np.inf, reduced)
    better = (outside > inside[:, None]) & np.isfinite(outside)
    return np.asarray(mark_best_of_each_row(outside, max_pairs_per_class) & better)
