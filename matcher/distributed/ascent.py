"""Prices that bring the bound down, found with passes over blocks.

The dual is made smooth by a heat and taken down by a quasi-Newton method; then the heat falls.
The first steps are taken on a few blocks that stand for all, the last on all. Whatever the
prices, the bound of the exact dual holds, and the lowest is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from matcher.distributed.running import Run, joined
from matcher.distributed.supply import Supply
from matcher.distributed.tasks import Frame, Sums, add_up, parts_of
from matcher.program import Resource
from matcher.solve.lagrangian import limits_worth
from matcher.solve.prices import Prices
from matcher.tables import BoolArray, FloatArray

REMEMBERED = 50
"""Steps that the quasi-Newton method knows of."""


@dataclass(frozen=True, slots=True)
class Heat:
    """A stage of the ascent.

    Parameters
    ----------
    points : float
        The heat.
    passes : int
        At the most.
    blocks : int
        How many stand for all; 0 for all.
    """

    points: float
    passes: int
    blocks: int = 0


@dataclass(frozen=True, eq=False)
class Bound:
    """Prices, and what they prove.

    Parameters
    ----------
    prices : Prices
    bound : float
        In thousandths of a point.
    sums : Sums
        Of the pass at the prices.
    """

    prices: Prices
    bound: float
    sums: Sums


class Dual:
    """The dual over blocks as a function of the prices.

    Parameters
    ----------
    run : Run
    frame : Frame
    held : int
        Level-1 value that plans are to reach, in thousandths; all that can be placed must be
        where it is the most there is.
    """

    def __init__(self, run: Run, frame: Frame, held: int) -> None:
        self.run, self.frame, self.held = run, frame, held
        self.supply, self.passes = Supply(frame), 0

    @property
    def must(self) -> bool:
        """Whether all that can be placed must be."""
        return self.held >= self.frame.most

    def at(self, prices: Prices, heat: float = 0.0, of: int = 0) -> Bound:
        """Make a pass; over a few blocks, what they add up to is scaled to all."""
        must = self.must and not prices.placed
        some = range(min(of, self.run.count)) if of else None
        sums: Sums = joined(self.run.each(add_up, prices, must, heat, only=some))
        self.passes += not of
        scaled = sums if some is None else _times(sums, self.run.count / len(some))
        return Bound(prices, self.supply.bound(scaled, prices, self.held), scaled)

    def lowered(self, prices: Prices, stages: Sequence[Heat]) -> Bound:
        """Take the bound down from some prices, and give the lowest over all blocks."""
        best = None
        for stage in stages:
            found = _Descent(self, prices, stage).run()
            prices = found.prices
            if not stage.blocks and (best is None or found.bound < best.bound):
                best = found
        return best or self.at(prices)


def _times(sums: Sums, factor: float) -> Sums:
    return Sums(
        sums.best * factor,
        sums.soft * factor,
        tuple(d * factor for d in sums.demand),
    )


class _Descent:
    """One stage, in variables that are alike in size."""

    def __init__(self, dual: Dual, prices: Prices, stage: Heat) -> None:
        self._dual, self._stage, self._start = dual, stage, prices
        self._best: Bound | None = None
        self._free = _free(dual.frame)
        at = dual.at(prices, stage.points, stage.blocks)
        self._take(at)
        self._slope = self._gradient(at)
        demand = self._demand(at.sums)
        self._curved = np.maximum(np.maximum(demand, demand + self._slope), 1.0) / stage.points
        free = ~(self._bounded() & (self._variables(prices) <= 0) & (self._slope > 0))
        length = float((self._slope**2 / self._curved)[free].sum())
        self._factor = 1.0 / max(length, 1e-12)

    def run(self) -> Bound:
        """Give the lowest exact bound on the way."""
        scale = np.sqrt(self._factor * self._curved)
        center = self._variables(self._start)

        def asked(x: FloatArray) -> tuple[float, FloatArray]:
            prices = self._prices(center + x / scale)
            found = self._dual.at(prices, self._stage.points, self._stage.blocks)
            self._take(found)
            return self._factor * self._value(found), self._factor * self._gradient(found) / scale

        low = np.where(self._bounded(), -center * scale, -np.inf)
        if len(center):
            limit = {
                "maxfun": self._stage.passes,
                "maxiter": self._stage.passes,
                "maxcor": REMEMBERED,
            }
            minimize(
                asked,
                np.zeros(len(center)),
                jac=True,
                method="L-BFGS-B",
                bounds=np.stack([low, np.full(len(low), np.inf)], axis=1),
                options=limit,
            )
        assert self._best is not None
        return self._best

    def _take(self, found: Bound) -> None:
        if self._best is None or found.bound < self._best.bound:
            self._best = found

    def _value(self, found: Bound) -> float:
        """The smooth dual in points."""
        prices, limits = found.prices, self._dual.frame.limits
        worth = limits_worth(limits.resources, prices)
        spread = self._dual.supply.softened(prices, self._stage.points)[0]
        return found.sums.soft + worth + spread

    def _gradient(self, found: Bound) -> FloatArray:
        totals = self._dual.supply.softened(found.prices, self._stage.points)[1]
        have = [*(r.limit for r in self._dual.frame.limits.resources), *totals]
        parts = [(h - d)[f] for h, d, f in zip(have, found.sums.demand, self._free, strict=True)]
        return np.concatenate([np.zeros(0), *parts]).astype(np.float64)

    def _demand(self, sums: Sums) -> FloatArray:
        """How strongly each price moves what it is a price of, about."""
        parts = [d[f] for d, f in zip(sums.demand, self._free, strict=True)]
        return np.concatenate([np.zeros(0), *parts])

    def _variables(self, prices: Prices) -> FloatArray:
        both = [*prices.resources, *prices.spreads]
        parts = [p[f] for p, f in zip(both, self._free, strict=True)]
        return np.concatenate([np.zeros(0), *parts])

    def _prices(self, variables: FloatArray) -> Prices:
        both = [p.copy() for p in (*self._start.resources, *self._start.spreads)]
        at, limits = 0, self._dual.frame.limits
        for price, free in zip(both, self._free, strict=True):
            count = int(free.sum())
            price[free] = variables[at : at + count]
            at += count
        resources = tuple(np.maximum(p, 0.0) for p in both[: len(limits.resources)])
        return Prices(resources, tuple(both[len(limits.resources) :]), self._start.placed)

    def _bounded(self) -> BoolArray:
        """Variables that cannot be below 0."""
        count = len(self._dual.frame.limits.resources)
        parts = [np.full(int(f.sum()), k < count) for k, f in enumerate(self._free)]
        return np.concatenate([np.zeros(0, dtype=np.bool_), *parts])


def _free(frame: Frame) -> list[BoolArray]:
    """Prices that can be other than nothing: of limits that could bind, of costs that exist."""
    return [
        part.limit < use[None, :]
        if isinstance(part, Resource)
        else np.broadcast_to(use > 0, part.base.shape)
        for part, use in zip(parts_of(frame.limits), frame.use, strict=True)
    ]
