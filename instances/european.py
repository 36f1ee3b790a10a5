"""A synthetic European queue, block by block: two million households and 1 200 regions.

Regions, their services and their capacities are drawn once from a seed. Every block of households
is drawn from the seed and the number of the block, so two blocks never need to be in the same
memory, and any machine can build any block. The numbers are made up; their orders of magnitude are
chosen so that places are scarce in the regions that most households prefer.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from instances.random_stream import RandomStream
from matcher.domain.tables.array_types import BoolArray, IntArray
from matcher.problem.program import Program, Resource, Spread

SIZE_WEIGHTS = ((1, 46), (2, 17), (3, 13), (4, 12), (5, 7), (6, 3), (8, 2))
"""Persons in a household, and the per cent of households of that size."""
LARGE_HOUSEHOLD = 5
"""Households with at least this number of persons need a large dwelling."""
PLACES_PER_PERSON = 1.08
"""Places for each person of the queue."""
ORIGINS, TRADES, NEEDS, COUNTRIES = 40, 10, 8, 30
"""Numbers of communities of origin, trades, services that a household may need, and countries."""
NO_NEED_PERCENT = 60
"""Per cent of households that need no service."""
CACHED_BLOCKS = 8
"""Number of blocks that a process keeps in memory."""
POINT = 1_000
"""Thousandths in a point."""


@dataclass(frozen=True)
class EuropeanQueue:
    """A synthetic queue over synthetic regions.

    Parameters
    ----------
    seed : int
        At least 0.
    households, regions : int
        Numbers of households and regions; at least a region for each country.
    in_block : int
        Households in a block; the last block may have fewer.

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
        """Every block; a block is built only when its program is requested."""
        return [EuropeanBlock(self, k) for k in range(-(-self.households // self.in_block))]


@dataclass(frozen=True)
class EuropeanBlock:
    """A block of the households.

    Parameters
    ----------
    queue : EuropeanQueue
    number : int
        Number of the block, from 0.
    """

    queue: EuropeanQueue
    number: int

    def program(self) -> Program:
        """Build the block, identical on every machine; the latest blocks are cached."""
        return _built(self)

    def build_program(self) -> Program:
        """Build the block without the cache."""
        count = min(self.queue.in_block, self.queue.households - self.number * self.queue.in_block)
        draws = RandomStream(self.queue.seed, f"european/{self.number}")
        people, regions = _BlockPeople(draws, count), _regions(self.queue)
        size, large = people.size, (people.size >= LARGE_HOUSEHOLD).astype(np.int64)
        offered = regions.offers[people.need]
        room = regions.limit[None, :, 0] >= size[:, None]
        places = Resource(
            "places", np.stack([size, large], axis=1), np.arange(len(regions.base)), regions.limit
        )
        return Program(
            allowed=offered,
            fits=room,
            terms={1: {"persons": size[:, None] * POINT}, 2: {"points": regions.worth(people)}},
            resources=(places,),
            spreads=(regions.share(size),),
            size=size,
            days_waited=people.waited,
        )


class _BlockPeople:
    """Columns of the households of a block."""

    def __init__(self, draws: RandomStream, count: int) -> None:
        sizes, weights = zip(*SIZE_WEIGHTS, strict=True)
        self.size = np.array(sizes)[draws.substream("size").weighted_indices(weights, count)]
        self.origin = draws.substream("origin").weighted_indices(_falling_weights(ORIGINS), count)
        self.trade = draws.substream("trade").integers_below(TRADES, count)
        self.workers = 1 + draws.substream("workers").integers_below(np.minimum(self.size, 3))
        rates = [NO_NEED_PERCENT, *([(100 - NO_NEED_PERCENT) // (NEEDS - 1) or 1] * (NEEDS - 1))]
        self.need = draws.substream("need").weighted_indices(rates, count)
        self.waited = draws.substream("waited").integers_below(400, count)


def _falling_weights(count: int, least: int = 0) -> list[int]:
    """Weights that fall with the position."""
    return [least + 1000 // place for place in range(1, count + 1)]


class _Regions:
    """Columns of the regions."""

    def __init__(self, queue: EuropeanQueue) -> None:
        draws, count = RandomStream(queue.seed, "european/regions"), queue.regions
        self.country = draws.substream("country").weighted_indices(
            _falling_weights(COUNTRIES, 50), count
        )
        weight = 20 + draws.substream("weight").integers_below(200, count)
        mean = sum(n * w for n, w in SIZE_WEIGHTS) / sum(w for _, w in SIZE_WEIGHTS)
        places = np.ceil(
            PLACES_PER_PERSON * mean * queue.households * weight / weight.sum()
        ).astype(np.int64)
        large_share = sum(w for n, w in SIZE_WEIGHTS if n >= LARGE_HOUSEHOLD) / sum(
            w for _, w in SIZE_WEIGHTS
        )
        dwellings = np.ceil(1.3 * large_share * places / mean).astype(np.int64)
        self.limit = np.stack([np.maximum(places, SIZE_WEIGHTS[-1][0]), dwellings], axis=1)
        self.base = 250_000 + draws.substream("base").integers_below(450_000, count)
        kinship = (
            draws.substream("kinship")
            .integers_below(1_000, count * ORIGINS)
            .reshape(ORIGINS, count)
        )
        # Few regions have a community of an origin, and these communities matter much.
        self.kinship = np.where(kinship > 900, (kinship - 900) * 1_500, 0)
        jobs = draws.substream("jobs").integers_below(120_000, count * TRADES)
        self.jobs = jobs.reshape(TRADES, count)
        has = (
            draws.substream("services").integers_below(100, count * NEEDS).reshape(NEEDS, count)
            < 55
        )
        has[0] = True
        self.offers: BoolArray = has
        self._share = places

    def worth(self, people: _BlockPeople) -> IntArray:
        """Points of each pair in thousandths, shape (households, regions)."""
        worth_by_origin = (self.base[None, :] + self.kinship).astype(np.int32)
        out = worth_by_origin[people.origin]
        out *= people.size[:, None].astype(np.int32)
        out += self.jobs.astype(np.int32)[people.trade] * people.workers[:, None].astype(np.int32)
        return out

    def share(self, size: IntArray) -> Spread:
        """Penalty on the persons of each country relative to its share of the places, convex."""
        fair = np.bincount(self.country, self._share, COUNTRIES) / PLACES_PER_PERSON
        cuts = np.stack([0.9 * fair, fair, 1.05 * fair], axis=1).astype(np.int64)[:, None, :]
        step = np.broadcast_to(np.array([40, 60, 100]) * POINT, cuts.shape)
        slope = np.full((COUNTRIES, 1), -60 * POINT)
        return Spread(
            "country_share", size[:, None], self.country, -slope * cuts[:, :, 1], slope, cuts, step
        )


@lru_cache(maxsize=CACHED_BLOCKS)
def _built(block: EuropeanBlock) -> Program:
    return block.build_program()


@lru_cache(maxsize=1)
def _regions(queue: EuropeanQueue) -> _Regions:
    """Draw the regions once per process: they are the same for all blocks."""
    return _Regions(queue)
