"""A plan from prices: units go to what is best for them, as long as there is room.

In rounds. In each, blocks say where their units would rather go and have room; then all bids of
one rank are answered at once: those who would lose most by going elsewhere come first, and among
equals the largest. At first the totals of dispersion are held to what the prices make of
them: where many options tie, only that keeps a cost at its corner.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.distributed.running import Run
from matcher.distributed.tasks import Bids, Frame, bid, parts_of
from matcher.program import UNPLACED, Resource
from matcher.solve.prices import Prices
from matcher.tables import BoolArray, FloatArray, IntArray

HELD, FREE = 3, 12
"""Rounds in which totals of dispersion are held, and rounds at the most."""
TRIES = 2
"""How often bids of a rank are answered: room that a large unit did not fill is for others."""


def round_by_blocks(
    run: Run,
    frame: Frame,
    prices: Prices,
    wanted: Sequence[FloatArray],
    urgent: Sequence[IntArray] | None = None,
) -> list[IntArray]:
    """Place the units of all blocks.

    Parameters
    ----------
    run : Run
    frame : Frame
    prices : Prices
    wanted : sequence of float array, shape (groups, layers) each
        Totals of each spread at the prices.
    urgent : sequence of int array, shape (units of the block,), or None
        Who comes before all others: the higher, the sooner.

    Returns
    -------
    list of int array, shape (units of the block,)
    """
    limits = [r.limit for r in frame.limits.resources]
    room = _Room(frame, [*limits, *(np.ceil(w).astype(np.int64) for w in wanted)])
    choices: list[IntArray | None] = [None] * run.count
    for number in range(FREE):
        if number == HELD:
            room.left = room.left[: len(limits)]
        placed = _answered(run, prices, room, choices, urgent)
        if number >= HELD and not placed:
            break
    return [c for c in choices if c is not None]


def _answered(
    run: Run,
    prices: Prices,
    room: "_Room",
    choices: list[IntArray | None],
    urgent: Sequence[IntArray] | None,
) -> bool:
    """Answer a round of bids, and say whether anyone was placed."""
    waiting = [None if c is None else np.flatnonzero(c == UNPLACED) for c in choices]
    some = [k for k, units in enumerate(waiting) if units is None or len(units)]
    if not some:
        return False
    bids = list(run.each(bid, prices, tuple(room.left), own=waiting, only=some))
    found = _Market.of(bids, urgent and [urgent[k] for k in some]).cleared(room)
    taken = _taken([choices[k] for k in some], bids, found)
    for k, choice in zip(some, taken, strict=True):
        choices[k] = choice
    return bool((found != UNPLACED).any())


def _taken(
    choices: Sequence[IntArray | None], bids: Sequence[Bids], found: IntArray
) -> list[IntArray | None]:
    """Write what was found into the choices of the blocks."""
    ends = np.cumsum([0, *(len(b.unit) for b in bids)])
    out: list[IntArray | None] = []
    for choice, one, start in zip(choices, bids, ends[:-1], strict=True):
        mine = np.full(one.units, UNPLACED, dtype=np.int64) if choice is None else choice
        mine[one.unit] = found[start : start + len(one.unit)]
        out.append(mine)
    return out


class _Room:
    """What is left of every resource, and of every spread that is held."""

    def __init__(self, frame: Frame, left: list[IntArray]) -> None:
        self.parts, self.left = parts_of(frame.limits), [one.copy() for one in left]

    def takes(self, where: IntArray, rank: IntArray, use: Sequence[IntArray]) -> BoolArray:
        """Which of some units fit, each behind those of a lower rank that go to the same group."""
        fits = np.ones(len(where), dtype=np.bool_)
        for part, left, mine in zip(self.parts, self.left, use, strict=False):
            group = part.group[where]
            order = np.lexsort((rank, group))
            first = np.searchsorted(group[order], group[order])
            total = np.cumsum(mine[order], axis=0)
            before = total[first] - mine[order][first]
            enough = (total - before <= left[group[order]]).all(axis=1)
            fits[order] &= enough | (group[order] < 0)
        return fits

    def take(self, where: IntArray, use: Sequence[IntArray]) -> None:
        """Give room away."""
        for part, left, mine in zip(self.parts, self.left, use, strict=False):
            group = part.group[where]
            np.subtract.at(left, group[group >= 0], mine[group >= 0])


@dataclass(frozen=True, eq=False)
class _Market:
    """All bids of a round."""

    where: IntArray
    rank: IntArray
    use: tuple[IntArray, ...]

    @classmethod
    def of(cls, bids: Sequence[Bids], urgent: Sequence[IntArray] | None) -> "_Market":
        """Put bids together: the urgent first, then who would lose most, then the largest."""
        width = max((b.where.shape[1] for b in bids), default=1)
        wide = [
            np.pad(b.where, ((0, 0), (0, width - b.where.shape[1])), constant_values=UNPLACED)
            for b in bids
        ]
        size, regret = (np.concatenate([getattr(b, n) for b in bids]) for n in ("size", "regret"))
        waits = urgent or [np.zeros(b.units, dtype=np.int64) for b in bids]
        wait = np.concatenate([w[b.unit] for w, b in zip(waits, bids, strict=True)])
        rank = np.empty(len(size), dtype=np.int64)
        rank[np.lexsort((-size, -regret, -wait))] = np.arange(len(size))
        use = zip(*(b.use for b in bids), strict=True)
        return cls(np.concatenate(wide), rank, tuple(np.concatenate(u) for u in use))

    def cleared(self, room: _Room) -> IntArray:
        """Answer bids rank by rank, and give where each unit goes."""
        out = np.full(len(self.rank), UNPLACED, dtype=np.int64)
        for option in np.repeat(np.arange(self.where.shape[1]), TRIES):
            left = np.flatnonzero((out == UNPLACED) & (self.where[:, option] != UNPLACED))
            where, use = self.where[left, option], [u[left] for u in self.use]
            fits = room.takes(where, self.rank[left], use)
            room.take(where[fits], [u[fits] for u in use])
            out[left[fits]] = where[fits]
        return out


def within(frame: Frame, used: Sequence[IntArray]) -> bool:
    """Whether no limit is passed."""
    pairs = zip(parts_of(frame.limits), used, strict=True)
    return all((u <= p.limit).all() for p, u in pairs if isinstance(p, Resource))
