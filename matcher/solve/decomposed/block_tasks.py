"""Tasks that run on a block in the process that builds it; they return sums and choices."""

import numpy as np

from matcher.domain.tables.array_types import BoolArray, FloatArray, IntArray
from matcher.problem.prices import Prices
from matcher.problem.program import STEPS_PER_POINT, UNPLACED, Program, row_blocks, sum_use
from matcher.problem.score import score
from matcher.solve.decomposed.block_results import (
    BlockBids,
    BlockScore,
    PricedBlockSums,
    QueueTotals,
    count_groups,
    list_components,
)
from matcher.solve.decomposed.blocks import Block, select_units
from matcher.solve.priced.pricing import BestOptions, PricingProblem, build_tolls
from matcher.solve.priced.smoothing import smooth_options


def count_block(block: Block) -> QueueTotals:
    """Count the units of a block."""
    program = block.program()
    fits, weight = program.feasible_pairs.any(axis=1), program.weight
    counts = fits & (weight > 0)
    return QueueTotals(
        select_units(program, np.zeros(0, dtype=np.int64)),
        program.shape[0],
        int(fits.sum()),
        int(program.size.sum()),
        int(weight[fits].sum()),
        tuple(part.use.sum(axis=0) for part in list_components(program)),
        float(
            np.max(_largest_values(program)[counts] / STEPS_PER_POINT / weight[counts], initial=0.0)
        ),
    )


def _largest_values(program: Program) -> IntArray:
    """Return the largest absolute value of each unit's open pairs, in thousandths."""
    out = np.zeros(program.shape[0], dtype=np.int64)
    for rows in row_blocks(len(out)):
        size = np.where(
            program.feasible_pairs[rows], np.abs(program.pair_values[rows].astype(np.int64)), 0
        )
        out[rows] = size.max(axis=1, initial=0)
    return out


def price_block(
    block: Block,
    prices: Prices,
    all_must_be_placed: bool,
    temperature: float,
    negligible_temperatures: float,
) -> PricedBlockSums:
    """Price a block in one pass, and return the sums.

    Parameters
    ----------
    block : Block
    prices : Prices
    all_must_be_placed : bool
        Whether every unit with an open pair must be placed.
    temperature : float
        In points; 0 for no smoothing.
    negligible_temperatures : float
        Options so many temperatures below the best get a share of 0.
    """
    program = block.program()
    priced, tolls = _PricedUnits(program, prices, all_must_be_placed), build_tolls(program, prices)
    best, extra = 0.0, 0.0
    demand = np.zeros(tolls.shape)
    for rows in row_blocks(program.shape[0]):
        options, pairs = priced.at(rows, tolls, temperature > 0)
        best += float(options.best.sum())
        if options.reduced_values is not None:
            soft, used = smooth_options(
                options.reduced_values,
                pairs.use,
                pairs.floor - options.best,
                temperature,
                negligible_temperatures,
            )
            extra, demand = extra + soft, demand + used
        else:
            goes = options.municipality >= 0
            np.add.at(demand.T, options.municipality[goes], pairs.use[goes])
    return PricedBlockSums(best, best + extra, _by_group(program, demand))


def _by_group(program: Program, demand: FloatArray) -> tuple[FloatArray, ...]:
    """Convert use by layer and municipality to use by group and layer of each part."""
    out, start = [], 0
    for part in list_components(program):
        layers, inside = part.use.shape[1], part.group >= 0
        total = np.zeros((count_groups(part), layers))
        np.add.at(total, part.group[inside], demand[start : start + layers].T[inside])
        out.append(total)
        start += layers
    return tuple(out)


class _PricedUnits:
    """Units of a block, priced in slices of rows."""

    def __init__(self, program: Program, prices: Prices, must: bool) -> None:
        self._program, self._placed = program, prices.placed
        required = program.feasible_pairs.any(axis=1) & (program.weight > 0) & must
        self._floor = np.where(required, -np.inf, 0.0)

    def at(
        self, rows: slice, tolls: FloatArray, reduced: bool, closed: BoolArray | None = None
    ) -> tuple[BestOptions, PricingProblem]:
        """Price some rows, without the pairs that are closed."""
        program = self._program
        units = np.arange(rows.start, rows.stop)
        pairs = PricingProblem.of(program, units, self._floor[rows])
        if closed is not None:
            pairs = pairs._replace(
                values=pairs.values[rows], open=pairs.open[rows] & ~closed, rows=units - rows.start
            )
        offset = self._placed * program.weight[rows]
        return pairs.best_options(tolls, offset, reduced, compile_min_pairs=0), pairs


def collect_bids(
    block: Block,
    prices: Prices,
    remaining: tuple[IntArray, ...],
    options_per_bid: int,
    waiting: IntArray | None,
) -> BlockBids:
    """Collect the bids of waiting units for their best options that have room.

    Parameters
    ----------
    block : Block
    prices : Prices
    remaining : tuple of int array, shape (groups, layers) each
        Remaining capacity of each resource and, while they are limited, of each spread.
    options_per_bid : int
        Most municipalities that a unit bids for.
    waiting : int array or None
        Rows of the waiting units; None for all.
    """
    program = block.program()
    tolls = build_tolls(program, prices)
    priced = _PricedUnits(program, prices, must=False)
    bidding = np.zeros(program.shape[0], dtype=np.bool_)
    bidding[slice(None) if waiting is None else waiting] = True
    bids: list[tuple[IntArray, IntArray, FloatArray]] = []
    for rows in row_blocks(program.shape[0]):
        if bidding[rows].any():
            closed = ~bidding[rows, None] | _full_pairs(program, remaining, rows)
            reduced = priced.at(rows, tolls, True, closed)[0].reduced_values
            assert reduced is not None
            bids.append(_options(reduced, rows.start, options_per_bid))
    return _bids(program, bids)


def _full_pairs(program: Program, remaining: tuple[IntArray, ...], rows: slice) -> BoolArray:
    """Mark pairs with too little remaining capacity, shape (rows, municipalities)."""
    out = np.zeros(program.feasible_pairs[rows].shape, dtype=np.bool_)
    for part, amount in zip(list_components(program), remaining, strict=False):
        remaining_at = amount[part.group]
        for layer in range(part.use.shape[1]):
            out |= (part.use[rows, layer, None] > remaining_at[None, :, layer]) & (part.group >= 0)
    return out


def _options(
    reduced: FloatArray, first: int, max_options: int
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return the units with an option, their best municipalities, and their regret."""
    units = np.flatnonzero(np.isfinite(reduced).any(axis=1))
    count = min(max_options, reduced.shape[1])
    net = reduced[units]
    top = np.argpartition(-net, count - 1, axis=1)[:, :count]
    value = np.take_along_axis(net, top, axis=1)
    order = np.argsort(-value, axis=1, kind="stable")
    value = np.take_along_axis(value, order, axis=1)
    where = np.where(np.isfinite(value), np.take_along_axis(top, order, axis=1), UNPLACED)
    second = value[:, 1] if count > 1 else np.full(len(units), -np.inf)
    return units + first, where, value[:, 0] - second


def _bids(program: Program, parts: list[tuple[IntArray, IntArray, FloatArray]]) -> BlockBids:
    if not parts:
        no_units = np.zeros(0, dtype=np.int64)
        parts = [(no_units, np.zeros((0, 1), dtype=np.int64), np.zeros(0))]
    unit, where, regret = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    use = tuple(part.use[unit] for part in list_components(program))
    return BlockBids(program.shape[0], unit, where, regret, program.size[unit], use)


def score_block(block: Block, choice: IntArray) -> BlockScore:
    """Recompute the worth of a block's choice, without spread costs."""
    program = block.program()
    recomputed = score(program, choice)
    pair_value = recomputed.value - sum(recomputed.terms[s.id] for s in program.spreads)
    return BlockScore(
        sum(b.rule == "pair" for b in recomputed.broken_rules),
        recomputed.weight,
        pair_value,
        recomputed.placed,
        tuple(sum_use(part, choice, count_groups(part)) for part in list_components(program)),
    )
