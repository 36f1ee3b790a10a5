"""Minimise the Lagrangian dual over blocks: prices that lower the bound.

The dual is smoothed at a temperature and minimised by a quasi-Newton method; then the temperature
is lowered. The first stages use a sample of blocks, the last stages all blocks. The bound of
the exact dual holds for any prices, and the lowest bound is kept.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from matcher.domain.tables.array_types import BoolArray, FloatArray
from matcher.problem.prices import Prices
from matcher.problem.program import Resource
from matcher.solve.decomposed.block_results import PricedBlockSums, QueueTotals, list_components
from matcher.solve.decomposed.block_tasks import price_block
from matcher.solve.decomposed.executors import BlockExecutor, join_results
from matcher.solve.decomposed.supply_side import SupplySide
from matcher.solve.params.solver_params import BlockParams
from matcher.solve.priced.lagrangian import value_limits
from matcher.solve.stopping import SearchClock


@dataclass(frozen=True, slots=True)
class TemperatureStage:
    """A stage of the minimisation.

    Parameters
    ----------
    temperature : float
        In points.
    max_passes : int
        Most passes.
    sample_blocks : int
        Number of blocks in the sample; 0 for all blocks.
    """

    temperature: float
    max_passes: int
    sample_blocks: int = 0


@dataclass(frozen=True, eq=False)
class PriceBound:
    """Prices, and the bound that they prove.

    Parameters
    ----------
    prices : Prices
    bound : float
        In thousandths of a point.
    sums : PricedBlockSums
        Sums of the pass at the prices.
    """

    prices: Prices
    bound: float
    sums: PricedBlockSums


class BlockDual:
    """The dual over blocks as a function of the prices.

    Parameters
    ----------
    executor : BlockExecutor
    queue : QueueTotals
    required_weight : int
        Level-1 value that plans must reach, in thousandths. When it is the largest possible
        one, every unit with an open pair must be placed.
    params : BlockParams or None
        None for the defaults.
    clock : SearchClock or None
        Says after each pass whether to go on; None for no limit.
    """

    def __init__(
        self,
        executor: BlockExecutor,
        queue: QueueTotals,
        required_weight: int,
        params: BlockParams | None = None,
        clock: SearchClock | None = None,
    ) -> None:
        self.executor, self.queue, self.required_weight = executor, queue, required_weight
        self.params, self.clock = params or BlockParams(), clock
        self.supply, self.passes = SupplySide(queue), 0

    def should_stop(self) -> bool:
        """Check whether the time is up or the solve is cancelled."""
        return self.clock is not None and self.clock.should_stop()

    @property
    def all_must_be_placed(self) -> bool:
        """Whether every unit with an open pair must be placed."""
        return self.required_weight >= self.queue.max_weight

    def evaluate(
        self, prices: Prices, temperature: float = 0.0, sample_blocks: int = 0
    ) -> PriceBound:
        """Evaluate the dual in one pass; sums over a sample of blocks are scaled to all."""
        must = self.all_must_be_placed and not prices.placed
        sample = range(min(sample_blocks, self.executor.count)) if sample_blocks else None
        arguments = (prices, must, temperature, self.params.negligible_temperatures)
        sums: PricedBlockSums = join_results(
            self.executor.map_blocks(price_block, *arguments, block_numbers=sample)
        )
        self.passes += not sample_blocks
        scaled = sums if sample is None else _scale_sums(sums, self.executor.count / len(sample))
        return PriceBound(prices, self.supply.bound(scaled, prices, self.required_weight), scaled)

    def minimise(self, prices: Prices, stages: Sequence[TemperatureStage]) -> PriceBound:
        """Lower the bound stage by stage, and return the lowest bound over all blocks."""
        best = None
        for stage in stages:
            if self.should_stop():
                break
            lowest = _Descent(self, prices, stage).run()
            prices = lowest.prices
            if not stage.sample_blocks and (best is None or lowest.bound < best.bound):
                best = lowest
        return best or self.evaluate(prices)


def _scale_sums(sums: PricedBlockSums, factor: float) -> PricedBlockSums:
    return PricedBlockSums(
        sums.exact_value * factor,
        sums.smooth_value * factor,
        tuple(d * factor for d in sums.demand),
    )


class _StopDescentError(Exception):
    """Raised within the quasi-Newton method to end it, as it cannot be told to end."""


class _Descent:
    """One stage of the minimisation, in variables scaled to a similar size."""

    def __init__(self, dual: BlockDual, prices: Prices, stage: TemperatureStage) -> None:
        self._dual, self._stage, self._start = dual, stage, prices
        self._best: PriceBound | None = None
        self._free_prices = _free_prices(dual.queue)
        point = dual.evaluate(prices, stage.temperature, stage.sample_blocks)
        self._keep_if_lower(point)
        self._slope = self._gradient(point)
        demand = self._demand(point.sums)
        self._curved = np.maximum(np.maximum(demand, demand + self._slope), 1.0) / stage.temperature
        free = ~(self._is_nonnegative() & (self._variables(prices) <= 0) & (self._slope > 0))
        length = float((self._slope**2 / self._curved)[free].sum())
        self._factor = 1.0 / max(length, 1e-12)

    def run(self) -> PriceBound:
        """Minimise the smoothed dual, and return the lowest exact bound on the way."""
        scale = np.sqrt(self._factor * self._curved)
        center = self._variables(self._start)

        def objective(x: FloatArray) -> tuple[float, FloatArray]:
            prices = self._prices(center + x / scale)
            point = self._dual.evaluate(prices, self._stage.temperature, self._stage.sample_blocks)
            self._keep_if_lower(point)
            if self._dual.should_stop():
                raise _StopDescentError
            return self._factor * self._value(point), self._factor * self._gradient(point) / scale

        low = np.where(self._is_nonnegative(), -center * scale, -np.inf)
        if len(center):
            passes = self._stage.max_passes
            memory = self._dual.params.lbfgs_memory
            with suppress(_StopDescentError):
                minimize(
                    objective,
                    np.zeros(len(center)),
                    jac=True,
                    method="L-BFGS-B",
                    bounds=np.stack([low, np.full(len(low), np.inf)], axis=1),
                    options={"maxfun": passes, "maxiter": passes, "maxcor": memory},
                )
        assert self._best is not None
        return self._best

    def _keep_if_lower(self, point: PriceBound) -> None:
        if self._best is None or point.bound < self._best.bound:
            self._best = point

    def _value(self, point: PriceBound) -> float:
        """Return the smoothed dual in points."""
        prices, limits = point.prices, self._dual.queue.empty_program
        worth = value_limits(limits.resources, prices)
        spread = self._dual.supply.smooth_value(prices, self._stage.temperature)[0]
        return point.sums.smooth_value + worth + spread

    def _gradient(self, point: PriceBound) -> FloatArray:
        totals = self._dual.supply.smooth_value(point.prices, self._stage.temperature)[1]
        supply = [*(r.limit for r in self._dual.queue.empty_program.resources), *totals]
        parts = [
            (h - d)[f] for h, d, f in zip(supply, point.sums.demand, self._free_prices, strict=True)
        ]
        return np.concatenate([np.zeros(0), *parts]).astype(np.float64)

    def _demand(self, sums: PricedBlockSums) -> FloatArray:
        """Return the demand of each free price: roughly how strongly the price changes it."""
        parts = [d[f] for d, f in zip(sums.demand, self._free_prices, strict=True)]
        return np.concatenate([np.zeros(0), *parts])

    def _variables(self, prices: Prices) -> FloatArray:
        both = [*prices.resources, *prices.spreads]
        parts = [p[f] for p, f in zip(both, self._free_prices, strict=True)]
        return np.concatenate([np.zeros(0), *parts])

    def _prices(self, variables: FloatArray) -> Prices:
        both = [p.copy() for p in (*self._start.resources, *self._start.spreads)]
        at, limits = 0, self._dual.queue.empty_program
        for price, free in zip(both, self._free_prices, strict=True):
            count = int(free.sum())
            price[free] = variables[at : at + count]
            at += count
        resources = tuple(np.maximum(p, 0.0) for p in both[: len(limits.resources)])
        return Prices(resources, tuple(both[len(limits.resources) :]), self._start.placed)

    def _is_nonnegative(self) -> BoolArray:
        """Mark the variables that cannot be below 0: the prices of resources."""
        count = len(self._dual.queue.empty_program.resources)
        parts = [np.full(int(f.sum()), k < count) for k, f in enumerate(self._free_prices)]
        return np.concatenate([np.zeros(0, dtype=np.bool_), *parts])


def _free_prices(frame: QueueTotals) -> list[BoolArray]:
    """Mark prices that may differ from 0: of limits that could bind, of spreads in use."""
    return [
        part.limit < use[None, :]
        if isinstance(part, Resource)
        else np.broadcast_to(use > 0, part.base.shape)
        for part, use in zip(list_components(frame.empty_program), frame.total_use, strict=True)
    ]
