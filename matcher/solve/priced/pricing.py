"""Pricing: find the best option of each unit at given prices, in one pass over all pairs.

This is the innermost loop of everything that works with prices. It is compiled where there are
many pairs. The NumPy version does the same sums in the same order, so both return the same
numbers to the bit. Neither allocates an array of the size of all pairs, except the reduced values
when they are asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from matcher.domain.tables.array_types import BoolArray, FloatArray, IntArray
from matcher.problem.prices import Prices, prices_by_municipality
from matcher.problem.program import BLOCK, STEPS_PER_POINT, Program, Resource, Spread
from matcher.solve.params.lp_params import PricingParams

POINTS_PER_STEP = 1 / STEPS_PER_POINT
"""Points of one integer step (a thousandth) of the program's values."""
NOWHERE = -1
"""Municipality of a unit for which staying unplaced is best."""
DEFAULT_PRICING = PricingParams()
FASTMATH_FLAGS = {"nnan", "nsz"}
"""Fast-math flags: no number is NaN, and the sign of zero does not matter.

Reordering sums or fusing multiply and add is not allowed, so results equal those of NumPy.
"""
PricingArrays = tuple[FloatArray, IntArray, FloatArray]
"""Best net values, their municipalities, and reduced values (no rows unless asked for)."""


class PricingProblem(NamedTuple):
    """Input of a pricing pass; a named tuple, as the compiler supports these.

    Parameters
    ----------
    values : int array, shape (units, municipalities) or (units, 0)
        Values of pairs in thousandths; no columns where pairs have no value of their own.
    open : bool array, shape (units, municipalities)
    rows : int array, shape (classes,)
        Row of the unit that represents each class.
    use : float array, shape (classes, layers)
        Use by one unit of each class of every resource, then of every spread.
    floor : float array, shape (classes,)
        Points of staying unplaced, minus infinity where that is not allowed.
    """

    values: IntArray
    open: BoolArray
    rows: IntArray
    use: FloatArray
    floor: FloatArray

    @classmethod
    def of(
        cls, program: Program, rows: IntArray, floor: FloatArray, level: int = 2
    ) -> "PricingProblem":
        """Build the pairs of some units of a program with their values at a level."""
        parts: list[Resource | Spread] = [*program.resources, *program.spreads]
        use = [np.zeros((len(rows), 0)), *(part.use[rows] for part in parts)]
        values = program.pair_values if level == 2 else program.pair_values[:, :0]
        return cls(values, program.feasible_pairs, rows, np.hstack(use).astype(np.float64), floor)

    def best_options(
        self,
        tolls: FloatArray,
        offset: FloatArray,
        with_reduced_values: bool = True,
        compile_min_pairs: int = DEFAULT_PRICING.compile_min_pairs,
    ) -> "BestOptions":
        """Price all pairs once.

        Parameters
        ----------
        tolls : float array, shape (layers, municipalities)
            Price in points for one unit of use of each layer in each municipality.
        offset : float array, shape (classes,)
            Points that each class gets in any municipality.
        with_reduced_values : bool
            Whether to return the reduced values.
        compile_min_pairs : int
            Pairs from which on the compiled pass is used; 0 for one of many passes, which justify
            loading the compiler. The result is the same either way.
        """
        is_compiled = len(self.rows) * self.open.shape[1] >= compile_min_pairs
        run = (load_pricing_kernel() or price_with_numpy) if is_compiled else price_with_numpy
        best, where, reduced_values = run(self, tolls, offset, with_reduced_values)
        return BestOptions(best, where, reduced_values if with_reduced_values else None)


@dataclass(frozen=True, eq=False)
class BestOptions:
    """Result of a pricing pass.

    Parameters
    ----------
    best : float array, shape (classes,)
        Points of the best option of one unit of each class, less its price; 0 where a class has
        no option.
    municipality : int array, shape (classes,)
        The best option, the first among equals; ``NOWHERE`` for none.
    reduced_values : float array, shape (classes, municipalities), or None
        Net value less the best, minus infinity where the pair is closed.
    """

    best: FloatArray
    municipality: IntArray
    reduced_values: FloatArray | None


def build_tolls(program: Program, prices: Prices) -> FloatArray:
    """Arrange prices by layer of resources, then spreads, shape (layers, municipalities)."""
    parts: list[Resource | Spread] = [*program.resources, *program.spreads]
    pairs = zip(parts, [*prices.resources, *prices.spreads], strict=True)
    rows = [prices_by_municipality(part.group, price).T for part, price in pairs]
    return np.ascontiguousarray(np.vstack([np.zeros((0, program.shape[1])), *rows]))


def price_with_numpy(
    pairs: PricingProblem, tolls: FloatArray, offset: FloatArray, reduced: bool
) -> PricingArrays:
    """Price all pairs in NumPy, a block of classes at a time."""
    count, width = len(pairs.rows), pairs.open.shape[1]
    best, where = np.zeros(count), np.full(count, NOWHERE, dtype=np.int64)
    reduced_values = np.zeros((count if reduced else 0, width))
    for start in range(0, count, BLOCK):
        block = slice(start, start + BLOCK)
        rows, net = pairs.rows[block], np.repeat(offset[block, None], width, axis=1)
        for layer in range(len(tolls)):
            net -= pairs.use[block, layer, None] * tolls[layer]
        net += pairs.values[rows] * POINTS_PER_STEP if pairs.values.shape[1] else 0.0
        net[~pairs.open[rows]] = -np.inf
        best[block], where[block] = _best_or_floor(net, pairs.floor[block])
        if reduced:
            np.subtract(net, best[block, None], out=reduced_values[block])
    return best, where, reduced_values


def _best_or_floor(net: FloatArray, floor: FloatArray) -> tuple[FloatArray, IntArray]:
    """Return the larger of floor and best value of each row, and its municipality."""
    if not net.shape[1]:
        return np.where(np.isfinite(floor), floor, 0.0), np.full(len(net), NOWHERE)
    where = net.argmax(axis=1)
    highest = np.take_along_axis(net, where[:, None], axis=1)[:, 0]
    is_placed = np.isfinite(highest) & (highest >= floor)
    best = np.maximum(highest, floor)
    return np.where(np.isfinite(best), best, 0.0), np.where(is_placed, where, NOWHERE)


@cache
def load_pricing_kernel() -> Callable[..., PricingArrays] | None:
    """Return the compiled pass; None where nothing can be compiled.

    Loads the compiler on first use. The machine code is cached on disk for the next process, or
    only in memory where nothing can be written.
    """
    try:
        from numba import njit  # noqa: PLC0415  # Takes seconds to load.
    except ImportError:
        return None
    try:
        kernel: Callable[..., PricingArrays] = njit(
            cache=True, nogil=True, fastmath=FASTMATH_FLAGS
        )(_kernel)
        _compile_on_empty_input(kernel)
    except (RuntimeError, OSError):
        kernel = njit(nogil=True, fastmath=FASTMATH_FLAGS)(_kernel)
    return kernel


def _compile_on_empty_input(kernel: Callable[..., PricingArrays]) -> None:
    """Run a kernel on empty input, which compiles it and caches it where that is possible."""
    no_floor, no_rows = np.zeros(0), np.zeros(0, dtype=np.int64)
    values, no_pairs = np.zeros((0, 0), dtype=np.int32), np.zeros((0, 0), dtype=np.bool_)
    layers = np.zeros((0, 0))
    kernel(PricingProblem(values, no_pairs, no_rows, layers, no_floor), layers, no_floor, True)


def _kernel(
    pairs: PricingProblem, tolls: FloatArray, offset: FloatArray, reduced: bool
) -> PricingArrays:
    """Price all pairs; written for the compiler, with sums in the order of the NumPy version."""
    count, width = len(pairs.rows), pairs.open.shape[1]
    best, where = np.zeros(count), np.full(count, NOWHERE, dtype=np.int64)
    reduced_values = np.zeros((count if reduced else 0, width))
    buffer = np.empty(width)
    for k in range(count):
        net, row = (reduced_values[k] if reduced else buffer), pairs.rows[k]
        net[:] = offset[k]
        for layer in range(len(tolls)):
            used = pairs.use[k, layer]
            if used != 0.0:
                for j in range(width):
                    net[j] -= used * tolls[layer, j]
        for j in range(pairs.values.shape[1]):
            net[j] += pairs.values[row, j] * POINTS_PER_STEP
        highest = pairs.floor[k]
        for j in range(width):
            net[j] = net[j] if pairs.open[row, j] else -np.inf
            highest = max(highest, net[j])
        # Compared before subtracting: inf - inf is NaN, and the flags assume that none occurs.
        reachable = highest > -np.inf
        best[k] = highest if reachable else 0.0
        for j in range(width if reachable else 0):
            if net[j] == highest:
                where[k] = j
                break
        if reduced:
            net -= best[k]
    return best, where, reduced_values
