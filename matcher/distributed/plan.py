"""A queue placed in blocks: near-best prices, the bound they prove, and a plan along them."""

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

SAMPLE = 1_000
"""Units that the first prices are found with."""
SURELY = 3.0
"""How many times more than anyone would pay to stay unplaced placing is worth at first."""
UNITS = 4_096
"""Units of a block where a queue that is there is dealt out."""
SAMPLED = 20_000
"""Units, about, whose blocks stand for all until prices are close."""
HEATS, PASSES = (10.0, 2.0), 50
"""How the heat falls over those, in points, and passes at each."""
LAST = (1.0, 0.3)
"""How it falls over all blocks."""
ENOUGH = 20
"""Passes over all blocks at the most, for the prices."""
TIMES = 4
"""How often all are placed anew, those who were left out before first of all."""
CHEAPER = (1.0, 0.5, 0.25, 0.1)
"""Parts of the first worth of placing that are tried for the bound of a plan that leaves some."""


@dataclass(frozen=True, eq=False)
class Placed:
    """A queue placed in blocks.

    Parameters
    ----------
    choices : sequence of int array, shape (units of the block,)
    prices : Prices
    weight, most : int
        Level-1 value of the plan, and if all were placed that fit anywhere, in thousandths.
    value : int
        Level-2 value, in thousandths of a point, recomputed from the choices.
    bound : float
        Proven upper bound of level 2 for all plans that place as much.
    units, persons, persons_placed : int
    passes : int
        Over all blocks, until the prices were found.
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
        """How far the plan is from the bound at the most, as a share of it."""
        return (self.bound - self.value) / max(1.0, abs(self.bound))


Tell = Callable[[str, float], None]
"""Told what was found so far and its number."""


def _silent(what: str, points: float) -> None:
    """Follow without saying anything."""


def price_blocks(run: Run, first: Block, passes: int = ENOUGH) -> tuple[Dual, Bound]:
    """Find near-best prices of a queue's blocks, and what they prove of plans that place all.

    Parameters
    ----------
    run : Run
        Does a task with every block, here or on a cluster.
    first : Block
        One of them, to find first prices with.
    passes : int
        Over all blocks at the most; at least 2.
    """
    frame: Frame = joined(run.each(survey))
    surely = SURELY * max(frame.dear, 1.0 / PER_POINT)
    prices = replace(_first_prices(first, frame), placed=surely)
    dual = Dual(run, frame, frame.most)
    return dual, dual.lowered(prices, _stages(frame, run.count, passes))


def place_blocks(run: Run, first: Block, passes: int = ENOUGH, tell: Tell | None = None) -> Placed:
    """Place a queue that may be in no single memory: same plan on any number of machines.

    Parameters
    ----------
    run, first, passes
        As in :func:`price_blocks`.
    tell : callable or None
        Told the bound and the value as they are found, in points.

    Raises
    ------
    BackendError
        When the plan breaks a limit or goes where a unit cannot: it is refused.
    """
    told = tell or _silent
    dual, found = price_blocks(run, first, passes)
    told("bound", found.bound / PER_POINT)
    choices, made, value = _rounded(dual, found.prices)
    proved = _proved(dual, found.prices, made.weight)
    # Where some are left out, more can be worth more than what was proved of placing all.
    told("bound", max(proved.bound, float(value)) / PER_POINT)
    told("value", value / PER_POINT)
    return Placed(
        choices=choices,
        prices=proved.prices,
        weight=made.weight,
        most=dual.frame.most,
        value=value,
        bound=max(proved.bound, float(value)),
        units=dual.frame.units,
        persons=dual.frame.persons,
        persons_placed=made.persons,
        passes=dual.passes,
    )


def _stages(frame: Frame, blocks: int, passes: int) -> list[Heat]:
    """Say how the heat falls: over a few blocks, then over all."""
    few = -(-SAMPLED * blocks // max(1, frame.units))
    near = [Heat(points, PASSES, few if few < blocks else 0) for points in HEATS]
    return [*near, *(Heat(points, max(1, passes // len(LAST))) for points in LAST)]


def _rounded(dual: Dual, prices: Prices) -> tuple[list[IntArray], Worth, int]:
    """Place along prices, a few times over as long as someone is left; the best that is found."""
    wanted = dual.supply.softened(prices, LAST[-1])[1]
    urgent: list[IntArray] | None = None
    tried: list[tuple[list[IntArray], Worth, int]] = []
    for _ in range(TIMES):
        choices = round_by_blocks(dual.run, dual.frame, prices, wanted, urgent)
        made = _worth(dual.run, dual.frame, choices)
        tried.append((choices, made, made.value - _spread_cost(dual.frame, made)))
        if made.weight >= dual.frame.most:
            break
        before = urgent or [np.zeros(len(c), dtype=np.int64) for c in choices]
        urgent = [b + (c == UNPLACED) for b, c in zip(before, choices, strict=True)]
    return max(tried, key=lambda one: (one[1].weight, one[2]))


def _proved(dual: Dual, prices: Prices, held: int) -> Bound:
    """The bound of all plans that place as much as was placed."""
    if held >= dual.frame.most:
        return dual.at(replace(prices, placed=0.0))
    again = Dual(dual.run, dual.frame, held)
    tried = [again.at(replace(prices, placed=part * prices.placed)) for part in CHEAPER]
    dual.passes += again.passes
    return min(tried, key=lambda one: one.bound)


def _worth(run: Run, frame: Frame, choices: list[IntArray]) -> Worth:
    """Recompute what the choices are worth, and refuse what breaks a rule."""
    made: Worth = joined(run.each(worth, own=choices))
    if made.barred or not within(frame, made.used):
        raise BackendError("a plan found block by block breaks a rule; it is not used")
    return made


def _spread_cost(frame: Frame, made: Worth) -> int:
    pairs = zip(parts_of(frame.limits), made.used, strict=True)
    return sum(int(p.cost(used).sum()) for p, used in pairs if isinstance(p, Spread))


def _first_prices(block: Block, frame: Frame) -> Prices:
    """Prices of the LP of a few units, each of which stands for many."""
    from matcher.solve.classes import Classes  # noqa: PLC0415  # These load HiGHS.
    from matcher.solve.columns import Columns  # noqa: PLC0415
    from matcher.solve.levels import Hold, Question  # noqa: PLC0415
    from matcher.solve.relaxation import relax_level  # noqa: PLC0415
    from matcher.solve.result import silent  # noqa: PLC0415

    program = block.program()
    some = rows_of(program, np.arange(min(SAMPLE, program.shape[0])))
    many = _many(some, max(1, round(frame.units / max(1, some.shape[0]))), frame.dear)
    nobody = np.full(many.shape[0], UNPLACED, dtype=np.int64)
    hold = Hold.nothing(many)
    columns = Columns.of(Classes.of(many))
    stop = Stop(3600.0, 0.01)
    return relax_level(Question(columns, 2, hold, nobody, stop, 0, silent), 3600.0).prices


def _many(program: Program, times: int, dear: float) -> Program:
    """Let each unit stand for many, and be worth placing at any price."""
    surely = round(SURELY * dear * PER_POINT)
    points = program.points.astype(np.int64) + surely * program.weight[:, None]
    return replace(
        program,
        terms={1: {"weight": times * program.weight[:, None]}, 2: {"points": times * points}},
        resources=tuple(replace(r, use=times * r.use) for r in program.resources),
        spreads=tuple(replace(s, use=times * s.use) for s in program.spreads),
    )


class InBlocks:
    """A backend that works on a program in blocks, by a cluster or one after the other.

    It ends when it has a plan along near-best prices, whatever the time limit and the gap.

    Parameters
    ----------
    address : str or None
        ``"local"`` or that of a Dask scheduler; None to do without Dask.
    units : int
        Of a block, about.
    """

    __name__ = "blocks"

    def __init__(self, address: str | None = None, units: int = UNITS) -> None:
        self.address, self.units = address, units
        self.found: Placed | None = None

    def __call__(
        self, program: Program, stop: Stop, seed: int, progress: Callable[[Progress], None]
    ) -> Attempt:
        """Place along prices; what was found is kept, with the prices."""
        parts, rows = in_blocks(program, -(-program.shape[0] // self.units))
        if not parts:
            return Attempt(np.zeros(0, dtype=np.int64))
        self.found = placed = self._placed(parts, _telling(progress))
        choice = together(rows, placed.choices)
        bounds = (float(placed.most), placed.bound)
        return Attempt(choice, (placed.weight, placed.value), bounds)

    def _placed(self, parts: Sequence[Block], tell: Tell) -> Placed:
        if self.address is None:
            return place_blocks(InTurn(parts), parts[0], tell=tell)
        with cluster(self.address) as client:
            return place_blocks(ThroughDask(parts, client), parts[0], tell=tell)


def _telling(progress: Callable[[Progress], None]) -> Tell:
    """Tell bound and value as they are found."""
    known, begun = dict[str, float](), time.perf_counter()

    def tell(what: str, points: float) -> None:
        known[what] = points
        seconds = time.perf_counter() - begun
        progress(Progress(2, known.get("value"), known.get("bound"), seconds))

    return tell
