"""Round prices to a plan: units go to their best options as long as there is room.

Rounding works in rounds of bidding. In each round the blocks list the best options that have room
for each unplaced unit. Then the first options of all units are answered, then the second options,
and so on. Units that would lose most by going elsewhere come first, and among equals the largest.
In the first rounds the spread totals are limited to the totals that the prices imply: where many
options tie, only this limit keeps a spread cost at its corner.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.domain.tables.array_types import BoolArray, FloatArray, IntArray
from matcher.problem.prices import Prices
from matcher.problem.program import UNPLACED, Resource
from matcher.solve.decomposed.block_results import BlockBids, QueueTotals, list_components
from matcher.solve.decomposed.block_tasks import collect_bids
from matcher.solve.decomposed.executors import BlockExecutor
from matcher.solve.params.solver_params import BlockParams


def round_blocks(
    executor: BlockExecutor,
    queue: QueueTotals,
    prices: Prices,
    target_totals: Sequence[FloatArray],
    *,
    params: BlockParams,
    urgency: Sequence[IntArray] | None = None,
) -> list[IntArray]:
    """Place the units of all blocks.

    Parameters
    ----------
    executor : BlockExecutor
    queue : QueueTotals
    prices : Prices
    target_totals : sequence of float array, shape (groups, layers) each
        Total of each spread that the prices imply.
    params : BlockParams
    urgency : sequence of int array, shape (units of the block,), or None
        Urgency of each unit: higher values come first; None for equal urgency.

    Returns
    -------
    list of int array, shape (units of the block,)
    """
    limits = [r.limit for r in queue.empty_program.resources]
    room = _BlockCapacity(queue, [*limits, *(np.ceil(w).astype(np.int64) for w in target_totals)])
    choices: list[IntArray | None] = [None] * executor.count
    for number in range(params.max_rounds):
        if number == params.spread_limited_rounds:
            room.remaining = room.remaining[: len(limits)]
        placed = _answer_round(executor, prices, room, choices, params=params, urgent=urgency)
        if number >= params.spread_limited_rounds and not placed:
            break
    return [c for c in choices if c is not None]


def _answer_round(
    run: BlockExecutor,
    prices: Prices,
    room: "_BlockCapacity",
    choices: list[IntArray | None],
    *,
    params: BlockParams,
    urgent: Sequence[IntArray] | None,
) -> bool:
    """Answer a round of bids, and return whether any unit was placed."""
    waiting = [None if c is None else np.flatnonzero(c == UNPLACED) for c in choices]
    active = [k for k, units in enumerate(waiting) if units is None or len(units)]
    if not active:
        return False
    bids = list(
        run.map_blocks(
            collect_bids,
            prices,
            tuple(room.remaining),
            params.options_per_bid,
            block_arguments=waiting,
            block_numbers=active,
        )
    )
    bid_round = _BidRound.of(bids, urgent and [urgent[k] for k in active])
    destinations = bid_round.destinations(room, params.passes_per_option)
    updated = _write_choices([choices[k] for k in active], bids, destinations)
    for k, choice in zip(active, updated, strict=True):
        choices[k] = choice
    return bool((destinations != UNPLACED).any())


def _write_choices(
    choices: Sequence[IntArray | None], bids: Sequence[BlockBids], destinations: IntArray
) -> list[IntArray | None]:
    """Write destinations into the choices of the blocks."""
    ends = np.cumsum([0, *(len(b.unit) for b in bids)])
    out: list[IntArray | None] = []
    for choice, block_bids, start in zip(choices, bids, ends[:-1], strict=True):
        block_choice = (
            np.full(block_bids.units, UNPLACED, dtype=np.int64) if choice is None else choice
        )
        block_choice[block_bids.unit] = destinations[start : start + len(block_bids.unit)]
        out.append(block_choice)
    return out


class _BlockCapacity:
    """Remaining capacity of every resource, and of every spread while it is limited."""

    def __init__(self, frame: QueueTotals, remaining: list[IntArray]) -> None:
        self.parts, self.remaining = (
            list_components(frame.empty_program),
            [amount.copy() for amount in remaining],
        )

    def takes(self, where: IntArray, rank: IntArray, use: Sequence[IntArray]) -> BoolArray:
        """Mark the units that fit when those of lower rank in the same group come first."""
        fits = np.ones(len(where), dtype=np.bool_)
        for part, remaining, part_use in zip(self.parts, self.remaining, use, strict=False):
            group = part.group[where]
            order = np.lexsort((rank, group))
            first = np.searchsorted(group[order], group[order])
            total = np.cumsum(part_use[order], axis=0)
            before = total[first] - part_use[order][first]
            enough = (total - before <= remaining[group[order]]).all(axis=1)
            fits[order] &= enough | (group[order] < 0)
        return fits

    def take(self, where: IntArray, use: Sequence[IntArray]) -> None:
        """Subtract the use of units that are placed."""
        for part, remaining, part_use in zip(self.parts, self.remaining, use, strict=False):
            group = part.group[where]
            np.subtract.at(remaining, group[group >= 0], part_use[group >= 0])


@dataclass(frozen=True, eq=False)
class _BidRound:
    """All bids of a round."""

    where: IntArray
    rank: IntArray
    use: tuple[IntArray, ...]

    @classmethod
    def of(cls, bids: Sequence[BlockBids], urgent: Sequence[IntArray] | None) -> "_BidRound":
        """Merge bids, ranked by urgency, then by regret, then by size."""
        width = max((b.options.shape[1] for b in bids), default=1)
        wide = [
            np.pad(b.options, ((0, 0), (0, width - b.options.shape[1])), constant_values=UNPLACED)
            for b in bids
        ]
        size, regret = (np.concatenate([getattr(b, n) for b in bids]) for n in ("size", "regret"))
        waits = urgent or [np.zeros(b.units, dtype=np.int64) for b in bids]
        wait = np.concatenate([w[b.unit] for w, b in zip(waits, bids, strict=True)])
        rank = np.empty(len(size), dtype=np.int64)
        rank[np.lexsort((-size, -regret, -wait))] = np.arange(len(size))
        use = zip(*(b.use for b in bids), strict=True)
        return cls(np.concatenate(wide), rank, tuple(np.concatenate(u) for u in use))

    def destinations(self, room: _BlockCapacity, passes_per_option: int) -> IntArray:
        """Answer bids option by option, and return the municipality of each unit."""
        out = np.full(len(self.rank), UNPLACED, dtype=np.int64)
        for option in np.repeat(np.arange(self.where.shape[1]), passes_per_option):
            open_bids = np.flatnonzero((out == UNPLACED) & (self.where[:, option] != UNPLACED))
            where, use = self.where[open_bids, option], [u[open_bids] for u in self.use]
            fits = room.takes(where, self.rank[open_bids], use)
            room.take(where[fits], [u[fits] for u in use])
            out[open_bids[fits]] = where[fits]
        return out


def within_limits(queue: QueueTotals, used: Sequence[IntArray]) -> bool:
    """Return whether every limit is kept."""
    pairs = zip(list_components(queue.empty_program), used, strict=True)
    return all((u <= p.limit).all() for p, u in pairs if isinstance(p, Resource))
