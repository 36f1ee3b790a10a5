"""One pass over all pairs: what is best for each unit after it has paid, and by how much.

The innermost loop of everything that works with prices. It is compiled where there are many
pairs; its twin in NumPy does the same sums in the same order, so both give the same numbers to
the bit, and neither keeps anything of the size of the pairs but what is asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from matcher.program import BLOCK, PER_POINT, Program, Resource, Spread
from matcher.solve.prices import Prices, by_municipality
from matcher.tables import BoolArray, FloatArray, IntArray

POINT = 1 / PER_POINT
"""Points of one of the program's steps."""
NOWHERE = -1
"""Stands for no municipality where staying unplaced is best."""
MANY = 1_000_000
"""Pairs from which on the compiled pass is worth loading the compiler, which takes seconds."""
FREE = {"nnan", "nsz"}
"""What the compiler may take for granted: no number is missing, and zeros have no sign.

Not that sums may be done in another order, or a product with a sum: results are those of NumPy.
"""
Arrays = tuple[FloatArray, IntArray, FloatArray]
"""Best net value, where it is, and the reduced values, of no rows where nobody asked."""


class Pairs(NamedTuple):
    """What a pass goes over; a tuple, as the compiler knows those.

    Parameters
    ----------
    values : int array, shape (units, municipalities) or (units, 0)
        Thousandths of pairs; without columns where they are worth nothing by themselves.
    open : bool array, shape (units, municipalities)
    rows : int array, shape (classes,)
        The unit that each class is like.
    use : float array, shape (classes, layers)
        What one of each class uses of everything that has a price, part by part.
    floor : float array, shape (classes,)
        Points of staying unplaced, minus infinity where that is not allowed.
    """

    values: IntArray
    open: BoolArray
    rows: IntArray
    use: FloatArray
    floor: FloatArray

    @classmethod
    def of(cls, program: Program, rows: IntArray, floor: FloatArray, level: int = 2) -> "Pairs":
        """Take the pairs of some of a program's units, as they are worth at a level."""
        parts: list[Resource | Spread] = [*program.resources, *program.spreads]
        use = [np.zeros((len(rows), 0)), *(part.use[rows] for part in parts)]
        values = program.points if level == 2 else program.points[:, :0]
        return cls(values, program.open, rows, np.hstack(use).astype(np.float64), floor)

    def at(
        self,
        tolls: FloatArray,
        offset: FloatArray,
        reduced: bool = True,
        many: bool | None = None,
    ) -> "Found":
        """Make a pass.

        Parameters
        ----------
        tolls : float array, shape (layers, municipalities)
            Price in points of one unit of use of each layer in each municipality.
        offset : float array, shape (classes,)
            Points that each class gets wherever it goes.
        reduced : bool
            Whether the reduced values are asked for.
        many : bool or None
            Whether this is one of many passes, for which the compiler is worth loading; told by
            the number of pairs unless given. Makes no difference to what is found.
        """
        if many is None:
            many = len(self.rows) * self.open.shape[1] >= MANY
        run = (compiled() or twin) if many else twin
        best, where, rest = run(self, tolls, offset, reduced)
        return Found(best, where, rest if reduced else None)


@dataclass(frozen=True, eq=False)
class Found:
    """What a pass found.

    Parameters
    ----------
    best : float array, shape (classes,)
        Points of the best there is for one of each class after it has paid, 0 where there is
        nothing.
    where : int array, shape (classes,)
        Municipality where that is, the first among equals; ``NOWHERE`` for none.
    reduced : float array, shape (classes, municipalities), or None
        Net value less the best, minus infinity where a class cannot go.
    """

    best: FloatArray
    where: IntArray
    reduced: FloatArray | None


def tolls(program: Program, prices: Prices) -> FloatArray:
    """Prices by layer, part by part, and municipality, shape (layers, municipalities)."""
    parts: list[Resource | Spread] = [*program.resources, *program.spreads]
    pairs = zip(parts, [*prices.resources, *prices.spreads], strict=True)
    rows = [by_municipality(part.group, price).T for part, price in pairs]
    return np.ascontiguousarray(np.vstack([np.zeros((0, program.shape[1])), *rows]))


def twin(pairs: Pairs, tolls: FloatArray, offset: FloatArray, reduced: bool) -> Arrays:
    """Make a pass in NumPy, some classes at a time."""
    count, width = len(pairs.rows), pairs.open.shape[1]
    best, where = np.zeros(count), np.full(count, NOWHERE, dtype=np.int64)
    rest = np.zeros((count if reduced else 0, width))
    for start in range(0, count, BLOCK):
        now = slice(start, start + BLOCK)
        rows, net = pairs.rows[now], np.repeat(offset[now, None], width, axis=1)
        for layer in range(len(tolls)):
            net -= pairs.use[now, layer, None] * tolls[layer]
        net += pairs.values[rows] * POINT if pairs.values.shape[1] else 0.0
        net[~pairs.open[rows]] = -np.inf
        best[now], where[now] = _best(net, pairs.floor[now])
        if reduced:
            np.subtract(net, best[now, None], out=rest[now])
    return best, where, rest


def _best(net: FloatArray, floor: FloatArray) -> tuple[FloatArray, IntArray]:
    """Best of each row or its floor, and where."""
    if not net.shape[1]:
        return np.where(np.isfinite(floor), floor, 0.0), np.full(len(net), NOWHERE)
    where = net.argmax(axis=1)
    most = np.take_along_axis(net, where[:, None], axis=1)[:, 0]
    goes = np.isfinite(most) & (most >= floor)
    best = np.maximum(most, floor)
    return np.where(np.isfinite(best), best, 0.0), np.where(goes, where, NOWHERE)


@cache
def compiled() -> Callable[..., Arrays] | None:
    """Give the compiled pass; None where nothing can be compiled.

    Loads the compiler on first use. What it makes is kept on disk for the next process, and only
    in memory where nothing can be written.
    """
    try:
        from numba import njit  # noqa: PLC0415  # Takes seconds to load.
    except ImportError:
        return None
    try:
        kernel: Callable[..., Arrays] = njit(cache=True, nogil=True, fastmath=FREE)(_kernel)
        _try(kernel)
    except (RuntimeError, OSError):
        kernel = njit(nogil=True, fastmath=FREE)(_kernel)
    return kernel


def _try(kernel: Callable[..., Arrays]) -> None:
    """Run a kernel on nothing, by which it is compiled, and kept if it can be."""
    none, nobody = np.zeros(0), np.zeros(0, dtype=np.int64)
    values, shut = np.zeros((0, 0), dtype=np.int32), np.zeros((0, 0), dtype=np.bool_)
    layers = np.zeros((0, 0))
    kernel(Pairs(values, shut, nobody, layers, none), layers, none, True)


def _kernel(pairs: Pairs, tolls: FloatArray, offset: FloatArray, reduced: bool) -> Arrays:
    """Make a pass; written for the compiler, with the sums in the order of the twin."""
    count, width = len(pairs.rows), pairs.open.shape[1]
    best, where = np.zeros(count), np.full(count, NOWHERE, dtype=np.int64)
    rest = np.zeros((count if reduced else 0, width))
    own = np.empty(width)
    for k in range(count):
        net, row = (rest[k] if reduced else own), pairs.rows[k]
        net[:] = offset[k]
        for layer in range(len(tolls)):
            used = pairs.use[k, layer]
            if used != 0.0:
                for j in range(width):
                    net[j] -= used * tolls[layer, j]
        for j in range(pairs.values.shape[1]):
            net[j] += pairs.values[row, j] * POINT
        most = pairs.floor[k]
        for j in range(width):
            net[j] = net[j] if pairs.open[row, j] else -np.inf
            most = max(most, net[j])
        # Not asked of a subtraction that may give no number: see what the compiler may assume.
        some = most > -np.inf
        best[k] = most if some else 0.0
        for j in range(width if some else 0):
            if net[j] == most:
                where[k] = j
                break
        if reduced:
            net -= best[k]
    return best, where, rest
