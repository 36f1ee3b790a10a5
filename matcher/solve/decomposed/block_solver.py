"""Place a queue in blocks: near-optimal prices, the bound they prove, and a rounded plan."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matcher.domain.errors import BackendError
from matcher.domain.tables.array_types import IntArray
from matcher.problem.prices import Prices
from matcher.problem.program import STEPS_PER_POINT, UNPLACED, Spread
from matcher.solve.decomposed.block_results import BlockScore, QueueTotals, list_components
from matcher.solve.decomposed.block_rounding import round_blocks, within_limits
from matcher.solve.decomposed.block_tasks import count_block, score_block
from matcher.solve.decomposed.blocks import Block
from matcher.solve.decomposed.dual_descent import BlockDual, PriceBound, TemperatureStage
from matcher.solve.decomposed.executors import BlockExecutor, join_results
from matcher.solve.params.solver_params import BlockParams
from matcher.solve.stopping import StopCriteria

UNLIMITED_SECONDS = 1e9
"""Thirty years: no time limit."""


@dataclass(frozen=True, eq=False)
class BlockPlan:
    """A queue placed in blocks.

    Parameters
    ----------
    choices : sequence of int array, shape (units of the block,)
        Choice of each block.
    prices : Prices
    weight, max_weight : int
        Level-1 value of the plan, and of placing every unit with an open pair, in thousandths.
    value : int
        Level-2 value, in thousandths of a point, recomputed from the choices.
    bound : float
        Proven upper bound of level 2 for all plans with at least the same level-1 value, in
        thousandths.
    units, persons, persons_placed : int
    passes : int
        Passes over all blocks until the prices were found.
    """

    choices: Sequence[IntArray]
    prices: Prices
    weight: int
    max_weight: int
    value: int
    bound: float
    units: int
    persons: int
    persons_placed: int
    passes: int

    @property
    def gap(self) -> float:
        """Relative gap between plan and bound."""
        return (self.bound - self.value) / max(1.0, abs(self.bound))


ReportFigure = Callable[[str, float], None]
"""Called with the name and the points of each new figure: ``bound`` or ``value``."""


def _report_nothing(name: str, points: float) -> None:
    """Ignore figures."""


def price_blocks(
    executor: BlockExecutor,
    sample_block: Block,
    params: BlockParams | None = None,
    stop: StopCriteria | None = None,
) -> tuple[BlockDual, PriceBound]:
    """Find near-optimal prices of a queue's blocks, and their bound for plans that place all.

    Parameters
    ----------
    executor : BlockExecutor
        Runs a task on every block, in this process or on a cluster.
    sample_block : Block
        A block of the queue; its units give the first prices.
    params : BlockParams or None
        None for the defaults.
    stop : StopCriteria or None
        Checked after each pass over the blocks; None for no time limit.
    """
    from matcher.solve.decomposed.first_prices import (  # noqa: PLC0415  # Loads HiGHS.
        estimate_first_prices,
    )

    params, stop = params or BlockParams(), stop or StopCriteria(UNLIMITED_SECONDS)
    clock = stop.stop_log.start_search(stop.seconds, stop.cancelled)
    queue: QueueTotals = join_results(executor.map_blocks(count_block))
    prices = estimate_first_prices(sample_block, queue, params, stop)
    dual = BlockDual(executor, queue, queue.max_weight, params, clock)
    return dual, dual.minimise(prices, _stages(queue, executor.count, params))


def place_blocks(
    executor: BlockExecutor,
    sample_block: Block,
    params: BlockParams | None = None,
    report_figure: ReportFigure | None = None,
    stop: StopCriteria | None = None,
) -> BlockPlan:
    """Place a queue of any size in blocks; the plan is the same on any number of machines.

    Parameters
    ----------
    executor, sample_block, params, stop
        As in :func:`price_blocks`.
    report_figure : callable or None
        Called with the bound and the value in points when they are known.

    Raises
    ------
    BackendError
        When the plan exceeds a limit or uses a closed pair; it is refused.
    """
    report = report_figure or _report_nothing
    dual, price_bound = price_blocks(executor, sample_block, params, stop)
    report("bound", price_bound.bound / STEPS_PER_POINT)
    choices, placed_worth, value = _round_repeatedly(dual, price_bound.prices)
    proved = _prove_bound(dual, price_bound.prices, placed_worth.weight)
    # A plan that leaves units out can be worth more than the bound for plans that place all.
    report("bound", max(proved.bound, float(value)) / STEPS_PER_POINT)
    report("value", value / STEPS_PER_POINT)
    return BlockPlan(
        choices=choices,
        prices=proved.prices,
        weight=placed_worth.weight,
        max_weight=dual.queue.max_weight,
        value=value,
        bound=max(proved.bound, float(value)),
        units=dual.queue.units,
        persons=dual.queue.persons,
        persons_placed=placed_worth.persons,
        passes=dual.passes,
    )


def _stages(queue: QueueTotals, blocks: int, params: BlockParams) -> list[TemperatureStage]:
    """List the stages: falling temperatures over sampled blocks, then over all blocks."""
    sample_blocks = -(-params.sample_units * blocks // max(1, queue.units))
    sample = sample_blocks if sample_blocks < blocks else 0
    final_passes = max(1, params.max_passes // len(params.final_temperatures))
    return [
        *(TemperatureStage(t, params.sample_passes, sample) for t in params.sample_temperatures),
        *(TemperatureStage(t, final_passes) for t in params.final_temperatures),
    ]


def _round_repeatedly(dual: BlockDual, prices: Prices) -> tuple[list[IntArray], BlockScore, int]:
    """Round along the prices until all are placed or attempts run out; return the best plan."""
    params = dual.params
    wanted = dual.supply.smooth_value(prices, params.final_temperatures[-1])[1]
    urgent: list[IntArray] | None = None
    attempts: list[tuple[list[IntArray], BlockScore, int]] = []
    for _ in range(params.rounding_attempts):
        choices = round_blocks(
            dual.executor, dual.queue, prices, wanted, params=params, urgency=urgent
        )
        placed_worth = _worth(dual.executor, dual.queue, choices)
        attempts.append(
            (choices, placed_worth, placed_worth.value - _spread_cost(dual.queue, placed_worth))
        )
        if placed_worth.weight >= dual.queue.max_weight or dual.should_stop():
            break
        earlier = urgent or [np.zeros(len(c), dtype=np.int64) for c in choices]
        urgent = [b + (c == UNPLACED) for b, c in zip(earlier, choices, strict=True)]
    return max(attempts, key=lambda attempt: (attempt[1].weight, attempt[2]))


def _prove_bound(dual: BlockDual, prices: Prices, required_weight: int) -> PriceBound:
    """Return the lowest bound for plans with at least this level-1 value."""
    if required_weight >= dual.queue.max_weight:
        return dual.evaluate(replace(prices, placed=0.0))
    dual_of_plan = BlockDual(dual.executor, dual.queue, required_weight, dual.params)
    bounds: list[PriceBound] = []
    for share in dual.params.placing_price_shares:
        bounds.append(dual_of_plan.evaluate(replace(prices, placed=share * prices.placed)))
        if dual.should_stop():
            break
    dual.passes += dual_of_plan.passes
    return min(bounds, key=lambda bound: bound.bound)


def _worth(run: BlockExecutor, frame: QueueTotals, choices: list[IntArray]) -> BlockScore:
    """Recompute the worth of the choices, and refuse a plan that breaks a rule."""
    placed_worth: BlockScore = join_results(run.map_blocks(score_block, block_arguments=choices))
    if placed_worth.closed_pairs or not within_limits(frame, placed_worth.use):
        raise BackendError("a plan found block by block breaks a rule; it is not used")
    return placed_worth


def _spread_cost(frame: QueueTotals, placed_worth: BlockScore) -> int:
    pairs = zip(list_components(frame.empty_program), placed_worth.use, strict=True)
    return sum(int(p.cost(used).sum()) for p, used in pairs if isinstance(p, Spread))
