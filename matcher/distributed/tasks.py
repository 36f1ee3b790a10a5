"""What is done with a block where it is built; only sums and choices come back."""

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
"""Municipalities that a unit asks for in a round of placing."""


@dataclass(frozen=True, eq=False)
class Frame:
    """What all blocks share, and how much there is of the queue.

    Parameters
    ----------
    limits : Program
        Resources and spreads, of no units.
    units, open_units : int
        All, and those that can go anywhere.
    persons : int
    most : int
        Level-1 value if every unit that can go anywhere were placed, in thousandths.
    use : tuple of int array, shape (layers,)
        What all units use together of each resource and spread, in their order.
    dear : float
        Points for a thousandth of level-1 value that none would pay to stay unplaced.
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
            tuple(one + two for one, two in zip(self.use, other.use, strict=True)),
            max(self.dear, other.dear),
        )


@dataclass(frozen=True, eq=False)
class Sums:
    """What a pass over a block adds up to.

    Parameters
    ----------
    best : float
        Points of what is best for each unit after it has paid, exactly.
    soft : float
        The same, made smooth; equal to ``best`` without heat.
    demand : tuple of float array, shape (groups, layers) each
        Use of each resource and spread, in their order.
    """

    best: float
    soft: float
    demand: tuple[FloatArray, ...]

    def joined(self, other: "Sums") -> "Sums":
        """Add another block."""
        demand = tuple(one + two for one, two in zip(self.demand, other.demand, strict=True))
        return Sums(self.best + other.best, self.soft + other.soft, demand)


@dataclass(frozen=True, eq=False)
class Worth:
    """What a choice of a block is worth, recomputed: broken pairs, thousandths, what is used."""

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
            tuple(one + two for one, two in zip(self.used, other.used, strict=True)),
        )


@dataclass(frozen=True, eq=False)
class Bids:
    """What units ask for, best first.

    Parameters
    ----------
    units : int
        Of the block, bidding or not.
    unit : int array, shape (bidders,)
        Row in the block.
    where : int array, shape (bidders, options)
        ``UNPLACED`` where nothing is left.
    regret : float array, shape (bidders,)
        Points that the second best is behind the best.
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
    """Give resources and spreads, in that order."""
    return [*program.resources, *program.spreads]


def groups_of(part: Resource | Spread) -> int:
    """Count the groups of a resource or a spread."""
    return len(part.limit if isinstance(part, Resource) else part.base)


def survey(block: Block) -> Frame:
    """Count a block."""
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
        float(np.max(_highest(program)[counts] / PER_POINT / weight[counts], initial=0.0)),
    )


def _highest(program: Program) -> IntArray:
    """Largest size of any value of each unit's open pairs, in thousandths."""
    out = np.zeros(program.shape[0], dtype=np.int64)
    for rows in blocks(len(out)):
        size = np.where(program.open[rows], np.abs(program.points[rows].astype(np.int64)), 0)
        out[rows] = size.max(axis=1, initial=0)
    return out


def add_up(block: Block, prices: Prices, must: bool, heat: float) -> Sums:
    """Make a pass over a block.

    Parameters
    ----------
    block : Block
    prices : Prices
    must : bool
        Whether all that can go anywhere must.
    heat : float
        In points; 0 for no smoothing.
    """
    program = block.program()
    asked, laid = _Asked(program, prices, must), tolls(program, prices)
    best, extra = 0.0, 0.0
    demand = np.zeros(laid.shape)
    for rows in blocks(program.shape[0]):
        found, pairs = asked.at(rows, laid, heat > 0)
        best += float(found.best.sum())
        if found.reduced is not None:
            soft, used = softened(found.reduced, pairs.use, pairs.floor - found.best, heat)
            extra, demand = extra + soft, demand + used
        else:
            goes = found.where >= 0
            np.add.at(demand.T, found.where[goes], pairs.use[goes])
    return Sums(best, best + extra, _by_group(program, demand))


def _by_group(program: Program, demand: FloatArray) -> tuple[FloatArray, ...]:
    """Use by group and layer of each resource and spread, from use by layer and municipality."""
    out, start = [], 0
    for part in parts_of(program):
        layers, inside = part.use.shape[1], part.group >= 0
        total = np.zeros((groups_of(part), layers))
        np.add.at(total, part.group[inside], demand[start : start + layers].T[inside])
        out.append(total)
        start += layers
    return tuple(out)


class _Asked:
    """Units of a block that are to be placed at prices."""

    def __init__(self, program: Program, prices: Prices, must: bool) -> None:
        self._program, self._placed = program, prices.placed
        held = program.open.any(axis=1) & (program.weight > 0) & must
        self._floor = np.where(held, -np.inf, 0.0)

    def at(
        self, rows: slice, laid: FloatArray, reduced: bool, closed: BoolArray | None = None
    ) -> tuple[Found, Pairs]:
        """Make a pass over some rows, without the pairs that are closed now."""
        program = self._program
        units = np.arange(rows.start, rows.stop)
        pairs = Pairs.of(program, units, self._floor[rows])
        if closed is not None:
            pairs = pairs._replace(
                values=pairs.values[rows], open=pairs.open[rows] & ~closed, rows=units - rows.start
            )
        return pairs.at(laid, self._placed * program.weight[rows], reduced, many=True), pairs


def bid(block: Block, prices: Prices, left: tuple[IntArray, ...], waiting: IntArray | None) -> Bids:
    """Let the units that wait ask for what is best for them where there is room.

    Parameters
    ----------
    block : Block
    prices : Prices
    left : tuple of int array, shape (groups, layers) each
        What is left of each resource and, while they are held, of each spread.
    waiting : int array or None
        Rows of the units; None for all.
    """
    program = block.program()
    laid = tolls(program, prices)
    asked = _Asked(program, prices, must=False)
    chosen = np.zeros(program.shape[0], dtype=np.bool_)
    chosen[slice(None) if waiting is None else waiting] = True
    found: list[tuple[IntArray, IntArray, FloatArray]] = []
    for rows in blocks(program.shape[0]):
        if chosen[rows].any():
            closed = ~chosen[rows, None] | _full(program, left, rows)
            reduced = asked.at(rows, laid, True, closed)[0].reduced
            assert reduced is not None
            found.append(_options(reduced, rows.start))
    return _bids(program, found)


def _full(program: Program, left: tuple[IntArray, ...], rows: slice) -> BoolArray:
    """Pairs for which too little is left, shape (rows, municipalities)."""
    out = np.zeros(program.open[rows].shape, dtype=np.bool_)
    for part, room in zip(parts_of(program), left, strict=False):
        here = room[part.group]
        for layer in range(part.use.shape[1]):
            out |= (part.use[rows, layer, None] > here[None, :, layer]) & (part.group >= 0)
    return out


def _options(reduced: FloatArray, first: int) -> tuple[IntArray, IntArray, FloatArray]:
    """Units that can go somewhere, their best municipalities, and what the second is behind."""
    units = np.flatnonzero(np.isfinite(reduced).any(axis=1))
    count = min(OPTIONS, reduced.shape[1])
    mine = reduced[units]
    top = np.argpartition(-mine, count - 1, axis=1)[:, :count]
    value = np.take_along_axis(mine, top, axis=1)
    order = np.argsort(-value, axis=1, kind="stable")
    value = np.take_along_axis(value, order, axis=1)
    where = np.where(np.isfinite(value), np.take_along_axis(top, order, axis=1), UNPLACED)
    second = value[:, 1] if count > 1 else np.full(len(units), -np.inf)
    return units + first, where, value[:, 0] - second


def _bids(program: Program, found: list[tuple[IntArray, IntArray, FloatArray]]) -> Bids:
    if not found:
        nobody = np.zeros(0, dtype=np.int64)
        found = [(nobody, np.zeros((0, 1), dtype=np.int64), np.zeros(0))]
    unit, where, regret = (np.concatenate(columns) for columns in zip(*found, strict=True))
    use = tuple(part.use[unit] for part in parts_of(program))
    return Bids(program.shape[0], unit, where, regret, program.size[unit], use)


def worth(block: Block, choice: IntArray) -> Worth:
    """Recompute what a choice of a block is worth, its spreads aside."""
    program = block.program()
    found = score(program, choice)
    own = found.value - sum(found.terms[s.id] for s in program.spreads)
    return Worth(
        sum(b.rule == "pair" for b in found.broken),
        found.weight,
        own,
        found.placed,
        tuple(totals(part, choice, groups_of(part)) for part in parts_of(program)),
    )
