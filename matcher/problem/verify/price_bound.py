"""Upper bound of level 2 from prices, valid for any prices.

The bound is the Lagrangian over all pairs. This implementation shares no code with the
solvers. Poor prices make the bound looser, never false.
"""

from collections.abc import Sequence

import numpy as np

from matcher.domain.tables.array_types import BoolArray, FloatArray
from matcher.problem.program import STEPS_PER_POINT, Program, Resource, Spread

PriceRow = tuple[str, int, int, float]
"""Rule or term, group, layer, and the price of one unit of use in points."""
PRICE_TOLERANCE = 1e-6
"""Points below 0 that a price of placing may have, from rounding."""
BLOCK_SIZE = 2048
"""Number of units whose pairs are in memory at a time."""


def price_bound(
    program: Program,
    price_rows: Sequence[PriceRow],
    level_1_value: int,
    placement_price: float = 0.0,
) -> float:
    """Compute an upper bound of level 2 over all plans that reach a level-1 value.

    The bound is the sum of the best that each unit can get after paying the prices, and of
    what the limits and the dispersion costs are worth at the prices.

    Parameters
    ----------
    program : Program
    price_rows : sequence of (rule, group, layer, price in points)
        A layer that is not named has the price 0.
    level_1_value : int
        Level-1 value, in thousandths, that the plans reach at least.
    placement_price : float
        Points that one thousandth of level-1 value is worth, at least 0.

    Returns
    -------
    float
        In thousandths of a point.

    Raises
    ------
    ValueError
        When a price names something that does not exist, is not a number, or is below 0 for a
        limit.
    """
    if not (np.isfinite(placement_price) and placement_price >= -PRICE_TOLERANCE):
        raise ValueError(
            f"the price of placing is {placement_price}; it is a number, and not below 0"
        )
    placement_price = max(0.0, placement_price)
    parts: list[Resource | Spread] = [*program.resources, *program.spreads]
    prices = _price_arrays(parts, price_rows)
    fits = program.feasible_pairs.any(axis=1)
    # When all units that fit are placed, every plan of that level-1 value places all of them.
    must_place = fits & (program.weight > 0) & (level_1_value >= int(program.weight[fits].sum()))
    total = (
        _unit_values(program, parts, prices, must_place, placement_price)
        - placement_price * level_1_value
    )
    for part, price in zip(parts, prices, strict=True):
        if isinstance(part, Resource):
            total += _limit_value(part, price)
        else:
            total += _spread_value(part, price)
    return total * STEPS_PER_POINT


def _price_arrays(parts: Sequence[Resource | Spread], rows: Sequence[PriceRow]) -> list[FloatArray]:
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


def _unit_values(
    program: Program,
    parts: Sequence[Resource | Spread],
    prices: Sequence[FloatArray],
    must_place: BoolArray,
    placed: float,
) -> float:
    """Sum over units of the best that each can get after paying the prices, in points."""
    pairs = zip(parts, prices, strict=True)
    tolls = [np.where(part.group[:, None] >= 0, c[part.group], 0.0) for part, c in pairs]
    total = 0.0
    for start in range(0, program.shape[0], BLOCK_SIZE):
        rows = slice(start, start + BLOCK_SIZE)
        net = np.zeros(program.feasible_pairs[rows].shape)
        for values in program.terms[2].values():
            net += (values[rows] if len(values) > 1 else values) / STEPS_PER_POINT
        for part, toll in zip(parts, tolls, strict=True):
            net -= part.use[rows] @ toll.T
        net += placed * program.weight[rows, None]
        best = np.where(program.feasible_pairs[rows], net, -np.inf).max(axis=1, initial=-np.inf)
        total += float(np.where(must_place[rows], best, np.maximum(best, 0.0)).sum())
    return total


def _limit_value(resource: Resource, price: FloatArray) -> float:
    """What the limits of a resource are worth at the prices, in points."""
    return float((price[price > 0] * resource.limit[price > 0]).sum())


def _spread_value(spread: Spread, price: FloatArray) -> float:
    """Largest value of the totals at the prices, minus their cost, in points."""
    largest = spread.use.sum(axis=0)[None, :, None]
    zero = np.zeros((*spread.base.shape, 1), dtype=np.int64)
    breakpoints = np.minimum(spread.breakpoint, largest)
    kinks = np.concatenate([zero, breakpoints, zero + largest], axis=2)
    steps = np.concatenate([zero, spread.step.cumsum(axis=2)], axis=2)
    slopes = (spread.slope[:, :, None] + steps) / STEPS_PER_POINT
    gained = ((price[:, :, None] - slopes) * np.diff(kinks, axis=2)).cumsum(axis=2)
    return float((gained.max(axis=2, initial=0.0) - spread.base / STEPS_PER_POINT).sum())
