"""First prices of a queue in blocks: the LP of a sample of units, each scaled to stand for many."""

from dataclasses import replace

import numpy as np

from matcher.problem.prices import Prices
from matcher.problem.program import STEPS_PER_POINT, UNPLACED, Program
from matcher.solve.columns import PairColumns
from matcher.solve.decomposed.block_results import QueueTotals
from matcher.solve.decomposed.blocks import Block, select_units
from matcher.solve.level_problem import Level1Hold, LevelProblem
from matcher.solve.params.solver_params import BlockParams
from matcher.solve.priced.relaxation import solve_level_relaxation
from matcher.solve.stopping import StopCriteria, ignore_progress
from matcher.solve.unit_classes import UnitClasses


def estimate_first_prices(
    block: Block, queue: QueueTotals, params: BlockParams, stop: StopCriteria
) -> Prices:
    """Return the prices of the LP of a sample, including the first price of placing.

    Parameters
    ----------
    block : Block
        Its first units are the sample.
    queue : QueueTotals
    params : BlockParams
    stop : StopCriteria
        Its time limit, if shorter than that of ``params``, and its cancellation.
    """
    program = _build_sample(block, queue, params)
    unplaced = np.full(program.shape[0], UNPLACED, dtype=np.int64)
    columns = PairColumns.of(UnitClasses.of(program))
    seconds = min(params.first_price_seconds, stop.seconds)
    sample_stop = replace(stop, seconds=seconds, gap=params.first_price_gap)
    hold = Level1Hold.none(program)
    level_problem = LevelProblem(columns, 2, hold, unplaced, sample_stop, 0, ignore_progress)
    prices = solve_level_relaxation(level_problem, seconds).prices
    price_of_weight = max(queue.max_price_of_weight, 1.0 / STEPS_PER_POINT)
    return replace(prices, placed=params.placing_price_factor * price_of_weight)


def _build_sample(block: Block, queue: QueueTotals, params: BlockParams) -> Program:
    """Select the sample, and scale its units so that together they use what the queue uses."""
    program = block.program()
    units = np.arange(min(params.first_price_units, program.shape[0]))
    sample = select_units(program, units)
    times = max(1, round(queue.units / max(1, sample.shape[0])))
    placing_price = params.placing_price_factor * queue.max_price_of_weight
    return _scale_units(sample, times, round(placing_price * STEPS_PER_POINT))


def _scale_units(program: Program, times: int, placing_points: int) -> Program:
    """Scale each unit to ``times`` units, and make placing it worthwhile at any price."""
    points = program.pair_values.astype(np.int64) + placing_points * program.weight[:, None]
    return replace(
        program,
        terms={1: {"weight": times * program.weight[:, None]}, 2: {"points": times * points}},
        resources=tuple(replace(r, use=times * r.use) for r in program.resources),
        spreads=tuple(replace(s, use=times * s.use) for s in program.spreads),
    )
