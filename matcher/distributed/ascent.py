"""Minimise the Lagrangian dual over blocks: prices that lower the bound.

The dual is smoothed with a heat (temperature) and minimised by a quasi-Newton method; then the
heat is lowered. The first stages use a sample of blocks, the last stages all blocks. The bound of
the exact dual holds for any prices, and the lowest bound is kept.
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

LBFGS_MEMORY = 50
"""Steps that the quasi-Newton method (L-BFGS-B) remembers."""


@dataclass(frozen=True, slots=True)
class Heat:
    """A stage of the minimisation.

    Parameters
    ----------
    points : float
        The heat, in points.
    passes : int
        Most passes.
    blocks : int
        Number of blocks in the sample; 0 for all blocks.
    """

    points: float
    passes: int
    blocks: int = 0


@dataclass(frozen=True, eq=False)
class Bound:
    """Prices, and the bound that they prove.

    Parameters
    ----------
    prices : Prices
    bound : float
        In thousandths of a point.
    sums : Sums
        Sums of the pass at the prices.
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
        Level-1 value that plans must reach, in thousandths. When it is the largest possible
        one, every unit with an open pair must be placed.
    """

    def __init__(self, run: Run, frame: Frame, held: int) -> None:
        self.run, self.frame, self.held = run, frame, held
        self.supply, self.passes = Supply(frame), 0

    @property
    def must(self) -> bool:
        """Whether every unit with an open pair must be placed."""
        return self.held >= self.frame.most

    def at(self, prices: Prices, heat: float = 0.0, of: int = 0) -> Bound:
        """Evaluate the dual in one pass; sums over a sample of ``of`` blocks are scaled to all."""
        must = self.must and not prices.placed
        sample = range(min(of, self.run.count)) if of else None
        sums: Sums = joined(self.run.each(add_up, prices, must, heat, only=sample))
        self.passes += not of
        scaled = sums if sample is None else _scale_sums(sums, self.run.count / len(sample))
        return Bound(prices, self.supply.bound(scaled, prices, self.held), scaled)

    def lowered(self, prices: Prices, stages: Sequence[Heat]) -> Bound:
        """Lower the bound stage by stage, and return the lowest bound over all blocks."""
        best = None
        for stage in stages:
            lowest = _Descent(self, prices, stage).run()
            prices = lowest.prices
            if not stage.blocks and (best is None or lowest.bound < best.bound):
                best = lowest
        return best or self.at(prices)


def _scale_sums(sums: Sums, factor: float) -> Sums:
    return Sums(
        sums.best * factor,
        sums.soft * factor,
        tuple(d * factor for d in sums.demand),
    )


class _Descent:
    """One stage of the minimisation, in variables scaled to a similar size."""

    def __init__(self, dual: Dual, prices: Prices, stage: Heat) -> None:
        self._dual, self._stage, self._start = dual, stage, prices
        self._best: Bound | None = None
        self._free_prices = _free_prices(dual.frame)
        point = dual.at(prices, stage.points, stage.blocks)
        self._keep_if_lower(point)
        self._slope = self._gradient(point)
        demand = self._demand(point.sums)
        self._curved = np.maximum(np.maximum(demand, demand + self._slope), 1.0) / stage.points
        free = ~(self._is_nonnegative() & (self._variables(prices) <= 0) & (self._slope > 0))
        length = float((self._slope**2 / self._curved)[free].sum())
        self._factor = 1.0 / max(length, 1e-12)

    def run(self) -> Bound:
        """Minimise the smoothed dual, and return the lowest exact bound on the way."""
        scale = np.sqrt(self._factor * self._curved)
        center = self._variables(self._start)

        def objective(x: FloatArray) -> tuple[float, FloatArray]:
            prices = self._prices(center + x / scale)
            point = self._dual.at(prices, self._stage.points, self._stage.blocks)
            self._keep_if_lower(point)
            return self._factor * self._value(point), self._factor * self._gradient(point) / scale

        low = np.where(self._is_nonnegative(), -center * scale, -np.inf)
        if len(center):
            limit = {
                "maxfun": self._stage.passes,
                "maxiter": self._stage.passes,
                "maxcor": LBFGS_MEMORY,
            }
            minimize(
                objective,
                np.zeros(len(center)),
                jac=True,
                method="L-BFGS-B",
                bounds=np.stack([low, np.full(len(low), np.inf)], axis=1),
                options=limit,
            )
        assert self._best is not None
        return self._best

    def _keep_if_lower(self, point: Bound) -> None:
        if self._best is None or point.bound < self._best.bound:
            self._best = point

    def _value(self, point: Bound) -> float:
        """Return the smoothed dual in points."""
        prices, limits = point.prices, self._dual.frame.limits
        worth = limits_worth(limits.resources, prices)
        spread = self._dual.supply.softened(prices, self._stage.points)[0]
        return point.sums.soft + worth + spread

    def _gradient(self, point: Bound) -> FloatArray:
        totals = self._dual.supply.softened(point.prices, self._stage.points)[1]
        supply = [*(r.limit for r in self._dual.frame.limits.resources), *totals]
        parts = [
            (h - d)[f] for h, d, f in zip(supply, point.sums.demand, self._free_prices, strict=True)
        ]
        return np.concatenate([np.zeros(0), *parts]).astype(np.float64)

    def _demand(self, sums: Sums) -> FloatArray:
        """Return the demand of each free price: roughly how strongly the price changes it."""
        parts = [d[f] for d, f in zip(sums.demand, self._free_prices, strict=True)]
        return np.concatenate([np.zeros(0), *parts])

    def _variables(self, prices: Prices) -> FloatArray:
        both = [*prices.resources, *prices.spreads]
        parts = [p[f] for p, f in zip(both, self._free_prices, strict=True)]
        return np.concatenate([np.zeros(0), *parts])

    def _prices(self, variables: FloatArray) -> Prices:
        both = [p.copy() for p in (*self._start.resources, *self._start.spreads)]
        at, limits = 0, self._dual.frame.limits
        for price, free in zip(both, self._free_prices, strict=True):
            count = int(free.sum())
            price[free] = variables[at : at + count]
            at += count
        resources = tuple(np.maximum(p, 0.0) for p in both[: len(limits.resources)])
        return Prices(resources, tuple(both[len(limits.resources) :]), self._start.placed)

    def _is_nonnegative(self) -> BoolArray:
        """Mark the variables that cannot be below 0: the prices of resources."""
        count = len(self._dual.frame.limits.resources)
        parts = [np.full(int(f.sum()), k < count) for k, f in enumerate(self._free_prices)]
        return np.concatenate([np.zeros(0, dtype=np.bool_), *parts])


def _free_prices(frame: Frame) -> list[BoolArray]:
    """Mark prices that may differ from 0: of limits that could bind, of spreads in use."""
    return [
        part.limit < use[None, :]
        if isinstance(part, Resource)
        else np.broadcast_to(use > 0, part.base.shape)
        for part, use in zip(parts_of(frame.limits), frame.use, strict=True)
    ]
