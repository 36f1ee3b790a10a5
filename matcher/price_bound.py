"""A bound from prices: no plan that places as much is worth more, whatever the prices are.

The Lagrangian over all pairs, in an implementation of its own that shares nothing with the
solvers. Prices that are wrong can only make it looser, never false.
"""

from collections.abc import Sequence

import numpy as np

from matcher.program import PER_POINT, Program, Resource, Spread
from matcher.tables import BoolArray, FloatArray

PriceRow = tuple[str, int, int, float]
"""Rule or term, group, layer, and the price of one unit of use in points."""
SMALL = 1e-6
"""How far below 0 rounding may have put the price of placing, in points."""
BLOCK = 2048
"""Units whose pairs are held in memory at a time."""


def price_bound(
    program: Program, rows: Sequence[PriceRow], held: int, placed: float = 0.0
) -> float:
    """Upper bound of level 2 over all plans that place as much, from prices of any kind.

    What every unit would take at best if it paid the prices, and what the limits and the
    dispersion costs are worth at them.

    Parameters
    ----------
    program : Program
    rows : sequence of (rule, group, layer, price in points)
        What is not named costs nothing.
    held : int
        Level-1 value, in thousandths, that is to be reached at least.
    placed : float
        Points that one thousandth of level-1 value is worth, at least 0.

    Returns
    -------
    float
        In thousandths of a point.

    Raises
    ------
    ValueError
        When a price is of something that is not there, not a number, or below 0 for a limit.
    """
    if not (np.isfinite(placed) and placed >= -SMALL):
        raise ValueError(f"the price of placing is {placed}; it is a number, and not below 0")
    placed = max(0.0, placed)
    parts: list[Resource | Spread] = [*program.resources, *program.spreads]
    prices = _prices(parts, rows)
    fits = program.open.any(axis=1)
    # A plan that places all who fit can only be matched by placing them all.
    must = fits & (program.weight > 0) & (held >= int(program.weight[fits].sum()))
    total = _units(program, parts, prices, must, placed) - placed * held
    for part, price in zip(parts, prices, strict=True):
        total += _limits(part, price) if isinstance(part, Resource) else _spread(part, price)
    return total * PER_POINT


def _prices(parts: Sequence[Resource | Spread], rows: Sequence[PriceRow]) -> list[FloatArray]:
    shapes = {p.id: (p.limit if isinstance(p, Resource) else p.base).shape for p in parts}
    prices = {identifier: np.zeros(shape) for identifier, shape in shapes.items()}
    limited = {p.id for p in parts if isinstance(p, Resource)}
    for rule, group, layer, price in rows:
        if rule not in prices:
            raise ValueError(f"there is no limit or cost called {rule!r} to have a price")
        groups, layers = shapes[rule]
        if not (0 <= group < groups and 0 <= layer < layers):
            raise ValueError(f"{rule} has no group {group} with layer {layer} to have a price")
        if not np.isfinite(price) or (rule in limited and price < 0):
            raise ValueError(f"the price {price} of {rule} is not possible")
        prices[rule][group, layer] = price
    return [prices[p.id] for p in parts]


def _units(
    program: Program,
    parts: Sequence[Resource | Spread],
    prices: Sequence[FloatArray],
    must: BoolArray,
    placed: float,
) -> float:
    """Sum over units of the most that each gets after it has paid, in points."""
    pairs = zip(parts, prices, strict=True)
    tolls = [np.where(p.group[:, None] >= 0, c[p.group], 0.0) for p, c in pairs]
    total = 0.0
    for start in range(0, program.shape[0], BLOCK):
        rows = slice(start, start + BLOCK)
        net = np.zeros(program.open[rows].shape)
        for values in program.terms[2].values():
            net += (values[rows] if len(values) > 1 else values) / PER_POINT
        for part, toll in zip(parts, tolls, strict=True):
            net -= part.use[rows] @ toll.T
        net += placed * program.weight[rows, None]
        best = np.where(program.open[rows], net, -np.inf).max(axis=1, initial=-np.inf)
        total += float(np.where(must[rows], best, np.maximum(best, 0.0)).sum())
    return total


def _limits(resource: Resource, price: FloatArray) -> float:
    """What the limits are worth at the prices, in points."""
    return float((price[price > 0] * resource.limit[price > 0]).sum())


def _spread(spread: Spread, price: FloatArray) -> float:
    """Most that the totals can earn above what they cost, walked from kink to kink, in points."""
    most = spread.use.sum(axis=0)[None, :, None]
    zero = np.zeros((*spread.base.shape, 1), dtype=np.int64)
    kinks = np.concatenate([zero, np.minimum(spread.breakpoint, most), zero + most], axis=2)
    steps = np.concatenate([zero, spread.step.cumsum(axis=2)], axis=2)
    slopes = (spread.slope[:, :, None] + steps) / PER_POINT
    earned = ((price[:, :, None] - slopes) * np.diff(kinks, axis=2)).cumsum(axis=2)
    return float((earned.max(axis=2, initial=0.0) - spread.base / PER_POINT).sum())
