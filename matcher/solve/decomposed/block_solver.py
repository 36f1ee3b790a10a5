"""Place a queue in blocks: near-optimal prices, the bound they prove, and a rounded plan."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matcher.domain.tables import IntArray
from matcher.errors import BackendError
from matcher.problem.prices import Prices
from matcher.problem.program import STEPS_PER_POINT, UNPLACED, Program, Spread
from matcher.solve.decomposed.block_rounding import round_blocks, within_limits
from matcher.solve.decomposed.block_tasks import (
    BlockScore,
    QueueTotals,
    count_block,
    list_components,
    score_block,
)
from matcher.solve.decomposed.blocks import Block, merge_choices, select_units, split_into_blocks
from matcher.solve.decomposed.dual_descent import BlockDual, PriceBound, TemperatureStage
from matcher.solve.decomposed.executors import (
    BlockExecutor,
    DaskExecutor,
    SequentialExecutor,
    connect_cluster,
    join_results,
)
from matcher.solve.result import BackendResult, Progress, StopCriteria

FIRST_PRICE_UNITS = 1_000
"""Units in the sample LP that gives the first prices."""
PLACING_PRICE_FACTOR = 3.0
"""First price of placing, as a multiple of the highest price of staying unplaced."""
UNITS_PER_BLOCK = 4_096
"""Units of a block when a program is split into blocks."""
SAMPLE_UNITS = 20_000
"""Approximate number of units in the sampled blocks of the first stages."""
SAMPLE_TEMPERATURES = (10.0, 2.0)
"""Heats of the stages over sampled blocks, in points."""
PASSES_PER_SAMPLED_STAGE = 50
"""Most passes of each stage over sampled blocks."""
FINAL_TEMPERATURES = (1.0, 0.3)
"""Heats of the stages over all blocks, in points."""
MAX_PASSES = 20
"""Most passes over all blocks to find the prices."""
ROUNDING_ATTEMPTS = 4
"""How often the queue is rounded; units unplaced in earlier attempts come first."""
PLACING_PRICE_SHARES = (1.0, 0.5, 0.25, 0.1)
"""Shares of the first price of placing that are tried for the bound of an incomplete plan."""


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


def _report_nothing(what: str, points: float) -> None:
    """Ignore figures."""


def price_blocks(
    executor: BlockExecutor, sample_block: Block, max_passes: int = MAX_PASSES
) -> tuple[BlockDual, PriceBound]:
    """Find near-optimal prices of a queue's blocks, and their bound for plans that place all.

    Parameters
    ----------
    executor : Run
        Runs a task on every block, in this process or on a cluster.
    sample_block : Block
        A block of the queue; its units give the first prices.
    max_passes : int
        Most passes over all blocks; at least 2.
    """
    frame: QueueTotals = join_results(executor.map_blocks(count_block))
    placing_price = PLACING_PRICE_FACTOR * max(frame.max_price_of_weight, 1.0 / STEPS_PER_POINT)
    prices = replace(_first_prices(sample_block, frame), placed=placing_price)
    dual = BlockDual(executor, frame, frame.max_weight)
    return dual, dual.minimise(prices, _stages(frame, executor.count, max_passes))


def place_blocks(
    executor: BlockExecutor,
    sample_block: Block,
    max_passes: int = MAX_PASSES,
    report_figure: ReportFigure | None = None,
) -> BlockPlan:
    """Place a queue of any size in blocks; the plan is the same on any number of machines.

    Parameters
    ----------
    executor, sample_block, max_passes
        As in :func:`price_blocks`.
    report_figure : callable or None
        Called with the bound and the value in points when they are known.

    Raises
    ------
    BackendError
        When the plan exceeds a limit or uses a closed pair; it is refused.
    """
    report = report_figure or _report_nothing
    dual, price_bound = price_blocks(executor, sample_block, max_passes)
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


def _stages(frame: QueueTotals, blocks: int, passes: int) -> list[TemperatureStage]:
    """List the stages: falling heats over sampled blocks, then over all blocks."""
    sample_blocks = -(-SAMPLE_UNITS * blocks // max(1, frame.units))
    sample_stages = [
        TemperatureStage(
            points, PASSES_PER_SAMPLED_STAGE, sample_blocks if sample_blocks < blocks else 0
        )
        for points in SAMPLE_TEMPERATURES
    ]
    return [
        *sample_stages,
        *(
            TemperatureStage(points, max(1, passes // len(FINAL_TEMPERATURES)))
            for points in FINAL_TEMPERATURES
        ),
    ]


def _round_repeatedly(dual: BlockDual, prices: Prices) -> tuple[list[IntArray], BlockScore, int]:
    """Round along the prices until all are placed or attempts run out; return the best plan."""
    wanted = dual.supply.smooth_value(prices, FINAL_TEMPERATURES[-1])[1]
    urgent: list[IntArray] | None = None
    attempts: list[tuple[list[IntArray], BlockScore, int]] = []
    for _ in range(ROUNDING_ATTEMPTS):
        choices = round_blocks(dual.executor, dual.queue, prices, wanted, urgent)
        placed_worth = _worth(dual.executor, dual.queue, choices)
        attempts.append(
            (choices, placed_worth, placed_worth.value - _spread_cost(dual.queue, placed_worth))
        )
        if placed_worth.weight >= dual.queue.max_weight:
            break
        earlier = urgent or [np.zeros(len(c), dtype=np.int64) for c in choices]
        urgent = [b + (c == UNPLACED) for b, c in zip(earlier, choices, strict=True)]
    return max(attempts, key=lambda attempt: (attempt[1].weight, attempt[2]))


def _prove_bound(dual: BlockDual, prices: Prices, required_weight: int) -> PriceBound:
    """Return the lowest bound for plans with at least this level-1 value."""
    if required_weight >= dual.queue.max_weight:
        return dual.evaluate(replace(prices, placed=0.0))
    dual_of_plan = BlockDual(dual.executor, dual.queue, required_weight)
    bounds = [
        dual_of_plan.evaluate(replace(prices, placed=share * prices.placed))
        for share in PLACING_PRICE_SHARES
    ]
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


def _first_prices(block: Block, frame: QueueTotals) -> Prices:
    """Return prices from the LP of a sample of units, each scaled to stand for many."""
    from matcher.solve.columns import PairColumns  # noqa: PLC0415
    from matcher.solve.lexicographic import Level1Hold, LevelProblem  # noqa: PLC0415
    from matcher.solve.priced.relaxation import solve_level_relaxation  # noqa: PLC0415
    from matcher.solve.result import ignore_progress  # noqa: PLC0415
    from matcher.solve.unit_classes import UnitClasses  # noqa: PLC0415  # These load HiGHS.

    program = block.program()
    sample = select_units(program, np.arange(min(FIRST_PRICE_UNITS, program.shape[0])))
    scaled = _scale_units(
        sample, max(1, round(frame.units / max(1, sample.shape[0]))), frame.max_price_of_weight
    )
    unplaced = np.full(scaled.shape[0], UNPLACED, dtype=np.int64)
    hold = Level1Hold.none(scaled)
    columns = PairColumns.of(UnitClasses.of(scaled))
    stop = StopCriteria(3600.0, 0.01)
    return solve_level_relaxation(
        LevelProblem(columns, 2, hold, unplaced, stop, 0, ignore_progress), 3600.0
    ).prices


def _scale_units(program: Program, times: int, dear: float) -> Program:
    """Scale each unit to ``times`` units, and make placing it worthwhile at any price."""
    placing_points = round(PLACING_PRICE_FACTOR * dear * STEPS_PER_POINT)
    points = program.pair_values.astype(np.int64) + placing_points * program.weight[:, None]
    return replace(
        program,
        terms={1: {"weight": times * program.weight[:, None]}, 2: {"points": times * points}},
        resources=tuple(replace(r, use=times * r.use) for r in program.resources),
        spreads=tuple(replace(s, use=times * s.use) for s in program.spreads),
    )


class BlockBackend:
    """A backend that solves a program in blocks, on a Dask cluster or one block after another.

    It ends when it has a plan along near-optimal prices, and ignores time limit and gap.

    Parameters
    ----------
    address : str or None
        ``"local"`` or the address of a Dask scheduler; None for no Dask.
    units : int
        Approximate number of units in a block.
    """

    __name__ = "blocks"

    def __init__(self, address: str | None = None, units: int = UNITS_PER_BLOCK) -> None:
        self.address, self.units = address, units
        self.block_plan: BlockPlan | None = None

    def __call__(
        self, program: Program, stop: StopCriteria, seed: int, progress: Callable[[Progress], None]
    ) -> BackendResult:
        """Place the program in blocks; the plan and its prices are kept in ``found``."""
        parts, rows = split_into_blocks(program, -(-program.shape[0] // self.units))
        if not parts:
            return BackendResult(np.zeros(0, dtype=np.int64))
        self.block_plan = placed = self._place(parts, _report_to(progress))
        choice = merge_choices(rows, placed.choices)
        bounds = (float(placed.max_weight), placed.bound)
        return BackendResult(choice, (placed.weight, placed.value), bounds)

    def _place(self, parts: Sequence[Block], tell: ReportFigure) -> BlockPlan:
        if self.address is None:
            return place_blocks(SequentialExecutor(parts), parts[0], report_figure=tell)
        with connect_cluster(self.address) as client:
            return place_blocks(DaskExecutor(parts, client), parts[0], report_figure=tell)


def _report_to(progress: Callable[[Progress], None]) -> ReportFigure:
    """Build a callback that reports figures as progress of level 2."""
    known, begun = dict[str, float](), time.perf_counter()

    def tell(what: str, points: float) -> None:
        known[what] = points
        seconds = time.perf_counter() - begun
        progress(Progress(2, known.get("value"), known.get("bound"), seconds))

    return tell
