"""A made-up European queue, block by block: two million households and 1 200 regions.

Regions, what they offer and what they can take are drawn once from a seed. Every block of
households is drawn from the seed and its own number, so no two blocks need ever stand in one
memory, and any block can be built on any machine. The numbers are made up; their orders of
magnitude are such that places are scarce in the regions that most would prefer.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from instances.draws import Draws
from matcher.program import Program, Resource, Spread
from matcher.tables import BoolArray, IntArray

SIZES = ((1, 46), (2, 17), (3, 13), (4, 12), (5, 7), (6, 3), (8, 2))
"""Persons in a household, and of how many in a hundred."""
LARGE = 5
"""Persons from which on a household needs a large dwelling."""
ROOM = 1.08
"""Places for each person of the queue."""
ORIGINS, TRADES, NEEDS, COUNTRIES = 40, 10, 8, 30
"""Communities of origin, trades, services that someone may need, countries."""
NO_NEED = 60
"""Households in a hundred that need no service."""
KEPT = 8
"""Blocks that a process keeps in memory."""
STEP = 1_000
"""Thousandths in a point."""


@dataclass(frozen=True)
class European:
    """A made-up queue over made-up regions.

    Parameters
    ----------
    seed : int
        At least 0.
    households, regions : int
        How many; at least a region for each country.
    in_block : int
        Households of a block; the last may have fewer.

    Raises
    ------
    ValueError
        When a number is out of range.
    """

    seed: int = 1
    households: int = 2_000_000
    regions: int = 1_200
    in_block: int = 10_000

    def __post_init__(self) -> None:
        for name, least in (("seed", 0), ("households", 1), ("regions", 30), ("in_block", 1)):
            if getattr(self, name) < least:
                raise ValueError(
                    f"{name} is {getattr(self, name)}; give a whole number from {least} up"
                )

    @property
    def blocks(self) -> "list[EuropeanBlock]":
        """Every block, as what says how to build it."""
        return [EuropeanBlock(self, k) for k in range(-(-self.households // self.in_block))]


@dataclass(frozen=True)
class EuropeanBlock:
    """Some of the households.

    Parameters
    ----------
    queue : European
    number : int
        From 0.
    """

    queue: European
    number: int

    def program(self) -> Program:
        """Build the block, the same on any machine; the last few are kept."""
        return _built(self)

    def build(self) -> Program:
        """Build the block anew."""
        count = min(self.queue.in_block, self.queue.households - self.number * self.queue.in_block)
        draws = Draws(self.queue.seed, f"european/{self.number}")
        people, regions = _People(draws, count), _regions(self.queue)
        size, large = people.size, (people.size >= LARGE).astype(np.int64)
        open_ = regions.offers[people.need]
        room = regions.limit[None, :, 0] >= size[:, None]
        places = Resource(
            "places", np.stack([size, large], axis=1), np.arange(len(regions.base)), regions.limit
        )
        return Program(
            allowed=open_,
            fits=room,
            terms={1: {"persons": size[:, None] * STEP}, 2: {"points": regions.worth(people)}},
            resources=(places,),
            spreads=(regions.share(size),),
            size=size,
            waited=people.waited,
        )


class _People:
    """Columns of some households."""

    def __init__(self, draws: Draws, count: int) -> None:
        sizes, weights = zip(*SIZES, strict=True)
        self.size = np.array(sizes)[draws.stream("size").weighted(weights, count)]
        self.origin = draws.stream("origin").weighted(_falling(ORIGINS), count)
        self.trade = draws.stream("trade").below(TRADES, count)
        self.workers = 1 + draws.stream("workers").below(np.minimum(self.size, 3))
        rates = [NO_NEED, *([(100 - NO_NEED) // (NEEDS - 1) or 1] * (NEEDS - 1))]
        self.need = draws.stream("need").weighted(rates, count)
        self.waited = draws.stream("waited").below(400, count)


def _falling(count: int, least: int = 0) -> list[int]:
    """Weights of which each is smaller than the one before."""
    return [least + 1000 // place for place in range(1, count + 1)]


class _Regions:
    """Columns of the regions."""

    def __init__(self, queue: European) -> None:
        draws, count = Draws(queue.seed, "european/regions"), queue.regions
        self.country = draws.stream("country").weighted(_falling(COUNTRIES, 50), count)
        weight = 20 + draws.stream("weight").below(200, count)
        mean = sum(n * w for n, w in SIZES) / sum(w for _, w in SIZES)
        places = np.ceil(ROOM * mean * queue.households * weight / weight.sum()).astype(np.int64)
        often = sum(w for n, w in SIZES if n >= LARGE) / sum(w for _, w in SIZES)
        dwellings = np.ceil(1.3 * often * places / mean).astype(np.int64)
        self.limit = np.stack([np.maximum(places, SIZES[-1][0]), dwellings], axis=1)
        self.base = 250_000 + draws.stream("base").below(450_000, count)
        kinship = draws.stream("kinship").below(1_000, count * ORIGINS).reshape(ORIGINS, count)
        # Few regions have a community of an origin, and those matter much.
        self.kinship = np.where(kinship > 900, (kinship - 900) * 1_500, 0)
        jobs = draws.stream("jobs").below(120_000, count * TRADES)
        self.jobs = jobs.reshape(TRADES, count)
        has = draws.stream("services").below(100, count * NEEDS).reshape(NEEDS, count) < 55
        has[0] = True
        self.offers: BoolArray = has
        self._share = places

    def worth(self, people: _People) -> IntArray:
        """Thousandths of each pair, shape (households, regions)."""
        own = (self.base[None, :] + self.kinship).astype(np.int32)
        out = own[people.origin]
        out *= people.size[:, None].astype(np.int32)
        out += self.jobs.astype(np.int32)[people.trade] * people.workers[:, None].astype(np.int32)
        return out

    def share(self, size: IntArray) -> Spread:
        """Persons of each country against its share of the places, dearer the farther off."""
        fair = np.bincount(self.country, self._share, COUNTRIES) / ROOM
        cuts = np.stack([0.9 * fair, fair, 1.05 * fair], axis=1).astype(np.int64)[:, None, :]
        step = np.broadcast_to(np.array([40, 60, 100]) * STEP, cuts.shape)
        slope = np.full((COUNTRIES, 1), -60 * STEP)
        return Spread(
            "country_share", size[:, None], self.country, -slope * cuts[:, :, 1], slope, cuts, step
        )


@lru_cache(maxsize=KEPT)
def _built(block: EuropeanBlock) -> Program:
    return block.build()


@lru_cache(maxsize=1)
def _regions(queue: European) -> _Regions:
    """Regions are the same for all blocks: drawn once in a process."""
    return _Regions(queue)
