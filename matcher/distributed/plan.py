"""Place a queue in blocks: near-optimal prices, the bound they prove, and a rounded plan."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matcher.distributed.ascent import Bound, Dual, Heat
from matcher.distributed.blocks import Block, in_blocks, rows_of, together
from matcher.distributed.rounding import round_by_blocks, within
from matcher.distributed.running import InTurn, Run, ThroughDask, cluster, joined
from matcher.distributed.tasks import Frame, Worth, parts_of, survey, worth
from matcher.errors import BackendError
from matcher.program import PER_POINT, UNPLACED, Program, Spread
from matcher.solve.prices import Prices
from matcher.solve.result import Attempt, Progress, Stop
from matcher.tables import IntArray

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
PASSES = 50
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
class Placed:
    """A queue placed in blocks.

    Parameters
    ----------
    choices : sequence of int array, shape (units of the block,)
        Choice of each block.
    prices : Prices
    weight, most : int
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
    most: int
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


Tell = Callable[[str, float], None]
"""Called with the name and the points of each new figure: ``bound`` or ``value``."""


def _report_nothing(what: str, points: float) -> None:
    """Ignore figures."""


def price_blocks(run: Run, first: Block, passes: int = MAX_PASSES) -> tuple[Dual, Bound]:
    """Find near-optimal prices of a queue's blocks, and their bound for plans that place all.

    Parameters
    ----------
    run : Run
        Runs a task on every block, in this process or on a cluster.
    first : Block
        A block of the queue; its units give the first prices.
    passes : int
        Most passes over all blocks; at least 2.
    """
    frame: Frame = joined(run.each(survey))
    placing_price = PLACING_PRICE_FACTOR * max(frame.dear, 1.0 / PER_POINT)
    prices = replace(_first_prices(first, frame), placed=placing_price)
    dual = Dual(run, frame, frame.most)
    return dual, dual.lowered(prices, _stages(frame, run.count, passes))


def place_blocks(
    run: Run, first: Block, passes: int = MAX_PASSES, tell: Tell | None = None
) -> Placed:
    """Place a queue of any size in blocks; the plan is the same on any number of machines.

    Parameters
    ----------
    run, first, passes
        As in :func:`price_blocks`.
    tell : callable or None
        Called with the bound and the value in points when they are known.

    Raises
    ------
    BackendError
        When the plan exceeds a limit or uses a closed pair; it is refused.
    """
    report = tell or _report_nothing
    dual, price_bound = price_blocks(run, first, passes)
    report("bound", price_bound.bound / PER_POINT)
    choices, placed_worth, value = _round_repeatedly(dual, price_bound.prices)
    proved = _prove_bound(dual, price_bound.prices, placed_worth.weight)
    # A plan that leaves units out can be worth more than the bound for plans that place all.
    report("bound", max(proved.bound, float(value)) / PER_POINT)
    report("value", value / PER_POINT)
    return Placed(
        choices=choices,
        prices=proved.prices,
        weight=placed_worth.weight,
        most=dual.frame.most,
        value=value,
        bound=max(proved.bound, float(value)),
        units=dual.frame.units,
        persons=dual.frame.persons,
        persons_placed=placed_worth.persons,
        passes=dual.passes,
    )


def _stages(frame: Frame, blocks: int, passes: int) -> list[Heat]:
    """List the stages: falling heats over sampled blocks, then over all blocks."""
    sample_blocks = -(-SAMPLE_UNITS * blocks // max(1, frame.units))
    sample_stages = [
        Heat(points, PASSES, sample_blocks if sample_blocks < blocks else 0)
        for points in SAMPLE_TEMPERATURES
    ]
    return [
        *sample_stages,
        *(Heat(points, max(1, passes // len(FINAL_TEMPERATURES))) for points in FINAL_TEMPERATURES),
    ]


def _round_repeatedly(dual: Dual, prices: Prices) -> tuple[list[IntArray], Worth, int]:
    """Round along the prices until all are placed or attempts run out; return the best plan."""
    wanted = dual.supply.softened(prices, FINAL_TEMPERATURES[-1])[1]
    urgent: list[IntArray] | None = None
    attempts: list[tuple[list[IntArray], Worth, int]] = []
    for _ in range(ROUNDING_ATTEMPTS):
        choices = round_by_blocks(dual.run, dual.frame, prices, wanted, urgent)
        placed_worth = _worth(dual.run, dual.frame, choices)
        attempts.append(
            (choices, placed_worth, placed_worth.value - _spread_cost(dual.frame, placed_worth))
        )
        if placed_worth.weight >= dual.frame.most:
            break
        earlier = urgent or [np.zeros(len(c), dtype=np.int64) for c in choices]
        urgent = [b + (c == UNPLACED) for b, c in zip(earlier, choices, strict=True)]
    return max(attempts, key=lambda attempt: (attempt[1].weight, attempt[2]))


def _prove_bound(dual: Dual, prices: Prices, required_weight: int) -> Bound:
    """Return the lowest bound for plans with at least this level-1 value."""
    if required_weight >= dual.frame.most:
        return dual.at(replace(prices, placed=0.0))
    dual_of_plan = Dual(dual.run, dual.frame, required_weight)
    bounds = [
        dual_of_plan.at(replace(prices, placed=share * prices.placed))
        for share in PLACING_PRICE_SHARES
    ]
    dual.passes += dual_of_plan.passes
    return min(bounds, key=lambda bound: bound.bound)


def _worth(run: Run, frame: Frame, choices: list[IntArray]) -> Worth:
    """Recompute the worth of the choices, and refuse a plan that breaks a rule."""
    placed_worth: Worth = joined(run.each(worth, own=choices))
    if placed_worth.barred or not within(frame, placed_worth.used):
        raise BackendError("a plan found block by block breaks a rule; it is not used")
    return placed_worth


def _spread_cost(frame: Frame, placed_worth: Worth) -> int:
    pairs = zip(parts_of(frame.limits), placed_worth.used, strict=True)
    return sum(int(p.cost(used).sum()) for p, used in pairs if isinstance(p, Spread))


def _first_prices(block: Block, frame: Frame) -> Prices:
    """Return prices from the LP of a sample of units, each scaled to stand for many."""
    from matcher.solve.classes import Classes  # noqa: PLC0415  # These load HiGHS.
    from matcher.solve.columns import Columns  # noqa: PLC0415
    from matcher.solve.levels import Hold, Question  # noqa: PLC0415
    from matcher.solve.relaxation import relax_level  # noqa: PLC0415
    from matcher.solve.result import silent  # noqa: PLC0415

    program = block.program()
    sample = rows_of(program, np.arange(min(FIRST_PRICE_UNITS, program.shape[0])))
    scaled = _scale_units(sample, max(1, round(frame.units / max(1, sample.shape[0]))), frame.dear)
    unplaced = np.full(scaled.shape[0], UNPLACED, dtype=np.int64)
    hold = Hold.nothing(scaled)
    columns = Columns.of(Classes.of(scaled))
    stop = Stop(3600.0, 0.01)
    return relax_level(Question(columns, 2, hold, unplaced, stop, 0, silent), 3600.0).prices


def _scale_units(program: Program, times: int, dear: float) -> Program:
    """Scale each unit to ``times`` units, and make placing it worthwhile at any price."""
    placing_points = round(PLACING_PRICE_FACTOR * dear * PER_POINT)
    points = program.points.astype(np.int64) + placing_points * program.weight[:, None]
    return replace(
        program,
        terms={1: {"weight": times * program.weight[:, None]}, 2: {"points": times * points}},
        resources=tuple(replace(r, use=times * r.use) for r in program.resources),
        spreads=tuple(replace(s, use=times * s.use) for s in program.spreads),
    )


class InBlocks:
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
        self.found: Placed | None = None

    def __call__(
        self, program: Program, stop: Stop, seed: int, progress: Callable[[Progress], None]
    ) -> Attempt:
        """Place the program in blocks; the plan and its prices are kept in ``found``."""
        parts, rows = in_blocks(program, -(-program.shape[0] // self.units))
        if not parts:
            return Attempt(np.zeros(0, dtype=np.int64))
        self.found = placed = self._place(parts, _report_to(progress))
        choice = together(rows, placed.choices)
        bounds = (float(placed.most), placed.bound)
        return Attempt(choice, (placed.weight, placed.value), bounds)

    def _place(self, parts: Sequence[Block], tell: Tell) -> Placed:
        if self.address is None:
            return place_blocks(InTurn(parts), parts[0], tell=tell)
        with cluster(self.address) as client:
            return place_blocks(ThroughDask(parts, client), parts[0], tell=tell)


def _report_to(progress: Callable[[Progress], None]) -> Tell:
    """Build a callback that reports figures as progress of level 2."""
    known, begun = dict[str, float](), time.perf_counter()

    def tell(what: str, points: float) -> None:
        known[what] = points
        seconds = time.perf_counter() - begun
        progress(Progress(2, known.get("value"), known.get("bound"), seconds))

    return tell
