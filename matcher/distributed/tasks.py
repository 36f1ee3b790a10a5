"""Tasks that run on a block in the process that builds it; they return sums and choices."""

from dataclasses import dataclass

import numpy as np

from matcher.distributed.blocks import Block, rows_of
from matcher.program import PER_POINT, UNPLACED, Program, Resource, Spread, blocks, totals
from matcher.score import score
from matcher.solve.pass_over_pairs import Found, Pairs, tolls
from matcher.solve.prices import Prices
from matcher.solve.softened import softened
from matcher.tables import BoolArray, FloatArray, IntArray

OPTIONS = 8
"""Municipalities that a unit bids for in one round."""


@dataclass(frozen=True, eq=False)
class Frame:
    """Limits that all blocks share, and totals over the units of the queue.

    Parameters
    ----------
    limits : Program
        Program with the resources and spreads, but no units.
    units, open_units, persons : int
        Number of all units, of units with an open pair, and of persons.
    most : int
        Level-1 value if every unit with an open pair were placed, in thousandths.
    use : tuple of int array, shape (layers,)
        Total use of each resource, then of each spread.
    dear : float
        Highest price that staying unplaced can be worth, in points per thousandth of weight.
    """

    limits: Program
    units: int
    open_units: int
    persons: int
    most: int
    use: tuple[IntArray, ...]
    dear: float

    def joined(self, other: "Frame") -> "Frame":
        """Add the units of another block."""
        return Frame(
            self.limits,
            self.units + other.units,
            self.open_units + other.open_units,
            self.persons + other.persons,
            self.most + other.most,
            tuple(first + second for first, second in zip(self.use, other.use, strict=True)),
            max(self.dear, other.dear),
        )


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums of a pricing pass over a block.

    Parameters
    ----------
    best : float
        Exact sum of the units' best net values, in points.
    soft : float
        The smoothed sum; equal to ``best`` without heat.
    demand : tuple of float array, shape (groups, layers) each
        Use of each resource, then of each spread.
    """

    best: float
    soft: float
    demand: tuple[FloatArray, ...]

    def joined(self, other: "Sums") -> "Sums":
        """Add another block."""
        demand = tuple(
            first + second for first, second in zip(self.demand, other.demand, strict=True)
        )
        return Sums(self.best + other.best, self.soft + other.soft, demand)


@dataclass(frozen=True, eq=False)
class Worth:
    """Recomputed worth of a block's choice: closed pairs, values in thousandths, use."""

    barred: int
    weight: int
    value: int
    persons: int
    used: tuple[IntArray, ...]

    def joined(self, other: "Worth") -> "Worth":
        """Add another block."""
        return Worth(
            self.barred + other.barred,
            self.weight + other.weight,
            self.value + other.value,
            self.persons + other.persons,
            tuple(first + second for first, second in zip(self.used, other.used, strict=True)),
        )


@dataclass(frozen=True, eq=False)
class Bids:
    """Bids of a block's units, best options first.

    Parameters
    ----------
    units : int
        Number of units of the block, whether they bid or not.
    unit : int array, shape (bidders,)
        Row of each bidder in the block.
    where : int array, shape (bidders, options)
        Municipalities from best to worst; ``UNPLACED`` where there is no further option.
    regret : float array, shape (bidders,)
        Points by which the second best option is worse than the best.
    size : int array, shape (bidders,)
    use : tuple of int array, shape (bidders, layers) each
    """

    units: int
    unit: IntArray
    where: IntArray
    regret: FloatArray
    size: IntArray
    use: tuple[IntArray, ...]


def parts_of(program: Program) -> list[Resource | Spread]:
    """Return resources, then spreads."""
    return [*program.resources, *program.spreads]


def groups_of(part: Resource | Spread) -> int:
    """Count the groups of a resource or a spread."""
    return len(part.limit if isinstance(part, Resource) else part.base)


def survey(block: Block) -> Frame:
    """Count the units of a block."""
    program = block.program()
    fits, weight = program.open.any(axis=1), program.weight
    counts = fits & (weight > 0)
    return Frame(
        rows_of(program, np.zeros(0, dtype=np.int64)),
        program.shape[0],
        int(fits.sum()),
        int(program.size.sum()),
        int(weight[fits].sum()),
        tuple(part.use.sum(axis=0) for part in parts_of(program)),
        float(np.max(_largest_values(program)[counts] / PER_POINT / weight[counts], initial=0.0)),
    )


def _largest_values(program: Program) -> IntArray:
    """Return the largest absolute value of each unit's open pairs, in thousandths."""
    out = np.zeros(program.shape[0], dtype=np.int64)
    for rows in blocks(len(out)):
        size = np.where(program.open[rows], np.abs(program.points[rows].astype(np.int64)), 0)
        out[rows] = size.max(axis=1, initial=0)
    return out


def add_up(block: Block, prices: Prices, must: bool, heat: float) -> Sums:
    """Price a block in one pass, and return the sums.

    Parameters
    ----------
    block : Block
    prices : Prices
    must : bool
        Whether every unit with an open pair must be placed.
    heat : float
        In points; 0 for no smoothing.
    """
    program = block.program()
    priced, price_table = _PricedUnits(program, prices, must), tolls(program, prices)
    best, extra = 0.0, 0.0
    demand = np.zeros(price_table.shape)
    for rows in blocks(program.shape[0]):
        options, pairs = priced.at(rows, price_table, heat > 0)
        best += float(options.best.sum())
        if options.reduced is not None:
            soft, used = softened(options.reduced, pairs.use, pairs.floor - options.best, heat)
            extra, demand = extra + soft, demand + used
        else:
            goes = options.where >= 0
            np.add.at(demand.T, options.where[goes], pairs.use[goes])
    return Sums(best, best + extra, _by_group(program, demand))


def _by_group(program: Program, demand: FloatArray) -> tuple[FloatArray, ...]:
    """Convert use by layer and municipality to use by group and layer of each part."""
    out, start = [], 0
    for part in parts_of(program):
        layers, inside = part.use.shape[1], part.group >= 0
        total = np.zeros((groups_of(part), layers))
        np.add.at(total, part.group[inside], demand[start : start + layers].T[inside])
        out.append(total)
        start += layers
    return tuple(out)


class _PricedUnits:
    """Units of a block, priced in slices of rows."""

    def __init__(self, program: Program, prices: Prices, must: bool) -> None:
        self._program, self._placed = program, prices.placed
        required = program.open.any(axis=1) & (program.weight > 0) & must
        self._floor = np.where(required, -np.inf, 0.0)

    def at(
        self, rows: slice, price_table: FloatArray, reduced: bool, closed: BoolArray | None = None
    ) -> tuple[Found, Pairs]:
        """Price some rows, without the pairs that are closed."""
        program = self._program
        units = np.arange(rows.start, rows.stop)
        pairs = Pairs.of(program, units, self._floor[rows])
        if closed is not None:
            pairs = pairs._replace(
                values=pairs.values[rows], open=pairs.open[rows] & ~closed, rows=units - rows.start
            )
        return pairs.at(price_table, self._placed * program.weight[rows], reduced, many=True), pairs


def bid(block: Block, prices: Prices, left: tuple[IntArray, ...], waiting: IntArray | None) -> Bids:
    """Collect the bids of waiting units for their best options that have room.

    Parameters
    ----------
    block : Block
    prices : Prices
    left : tuple of int array, shape (groups, layers) each
        Remaining capacity of each resource and, while they are limited, of each spread.
    waiting : int array or None
        Rows of the waiting units; None for all.
    """
    program = block.program()
    price_table = tolls(program, prices)
    priced = _PricedUnits(program, prices, must=False)
    bidding = np.zeros(program.shape[0], dtype=np.bool_)
    bidding[slice(None) if waiting is None else waiting] = True
    bids: list[tuple[IntArray, IntArray, FloatArray]] = []
    for rows in blocks(program.shape[0]):
        if bidding[rows].any():
            closed = ~bidding[rows, None] | _full_pairs(program, left, rows)
            reduced = priced.at(rows, price_table, True, closed)[0].reduced
            assert reduced is not None
            bids.append(_options(reduced, rows.start))
    return _bids(program, bids)


def _full_pairs(program: Program, remaining: tuple[IntArray, ...], rows: slice) -> BoolArray:
    """Mark pairs with too little remaining capacity, shape (rows, municipalities)."""
    out = np.zeros(program.open[rows].shape, dtype=np.bool_)
    for part, amount in zip(parts_of(program), remaining, strict=False):
        remaining_at = amount[part.group]
        for layer in range(part.use.shape[1]):
            out |= (part.use[rows, layer, None] > remaining_at[None, :, layer]) & (part.group >= 0)
    return out


def _options(reduced: FloatArray, first: int) -> tuple[IntArray, IntArray, FloatArray]:
    """Return the units with an option, their best municipalities, and their regret."""
    units = np.flatnonzero(np.isfinite(reduced).any(axis=1))
    count = min(OPTIONS, reduced.shape[1])
    net = reduced[units]
    top = np.argpartition(-net, count - 1, axis=1)[:, :count]
    value = np.take_along_axis(net, top, axis=1)
    order = np.argsort(-value, axis=1, kind="stable")
    value = np.take_along_axis(value, order, axis=1)
    where = np.where(np.isfinite(value), np.take_along_axis(top, order, axis=1), UNPLACED)
    second = value[:, 1] if count > 1 else np.full(len(units), -np.inf)
    return units + first, where, value[:, 0] - second


def _bids(program: Program, parts: list[tuple[IntArray, IntArray, FloatArray]]) -> Bids:
    if not parts:
        no_units = np.zeros(0, dtype=np.int64)
        parts = [(no_units, np.zeros((0, 1), dtype=np.int64), np.zeros(0))]
    unit, where, regret = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    use = tuple(part.use[unit] for part in parts_of(program))
    return Bids(program.shape[0], unit, where, regret, program.size[unit], use)


def worth(block: Block, choice: IntArray) -> Worth:
    """Recompute the worth of a block's choice, without spread costs."""
    program = block.program()
    recomputed = score(program, choice)
    pair_value = recomputed.value - sum(recomputed.terms[s.id] for s in program.spreads)
    return Worth(
        sum(b.rule == "pair" for b in recomputed.broken),
        recomputed.weight,
        pair_value,
        recomputed.placed,
        tuple(totals(part, choice, groups_of(part)) for part in parts_of(program)),
    )
