"""Neighbourhoods of a plan: sets of units to solve for again together.

A plan is below the bound where units are not in their best municipality at the prices. For each
municipality whose units lose most, a neighbourhood frees these units and the units of the
municipalities they could exchange places with: those whose units would be almost as well off in
the first municipality.
"""

from collections.abc import Iterator

import numpy as np

from matcher.domain.tables.array_types import BoolArray, FloatArray, IntArray
from matcher.problem.program import UNPLACED, Choice
from matcher.solve.params.search_params import LnsParams
from matcher.solve.priced.lagrangian import Relaxation
from matcher.solve.unit_classes import UnitClasses


def iterate_neighbourhoods(
    classes: UnitClasses,
    relaxation: Relaxation,
    choice: Choice,
    target_units: int,
    params: LnsParams,
) -> Iterator[IntArray]:
    """Yield the units of each neighbourhood, those that lose most first.

    Parameters
    ----------
    classes : UnitClasses
    relaxation : Relaxation
        Its reduced values are the losses of the pairs.
    choice : int array, shape (units,)
    target_units : int
        Approximate number of units in a neighbourhood.
    params : LnsParams
    """
    losses = _loss_by_municipality(classes, relaxation, choice)
    count = np.count_nonzero(losses > params.min_loss_points)
    order = np.argsort(-losses, kind="stable")[:count]
    covered = np.zeros(len(losses), dtype=np.bool_)
    almost_best = relaxation.reduced_values >= -params.almost_best_points
    for municipality in order.tolist():
        if not covered[municipality]:
            members = _neighbourhood_of(classes, almost_best, choice, municipality, target_units)
            covered[members[: max(1, len(members) // params.covered_divisor)]] = True
            yield np.flatnonzero(np.isin(choice, members))


def _loss_by_municipality(
    classes: UnitClasses, relaxation: Relaxation, choice: Choice
) -> FloatArray:
    """Return the loss of the units of each municipality in points, shape (municipalities,)."""
    placed = np.flatnonzero(choice != UNPLACED)
    where = choice[placed]
    unit_loss = -relaxation.reduced_values[classes.class_of_unit[placed], where]
    losses = np.bincount(where, weights=unit_loss, minlength=classes.open.shape[1])
    return np.asarray(losses, dtype=np.float64)


def _neighbourhood_of(
    classes: UnitClasses, almost_best: BoolArray, choice: Choice, municipality: int, size: int
) -> IntArray:
    """Return a municipality and those with most units that would go to it almost as well."""
    interested = almost_best[classes.class_of_unit, municipality] & (choice != UNPLACED)
    unit_counts = np.bincount(choice[choice != UNPLACED], minlength=almost_best.shape[1])
    shared = np.bincount(choice[interested], minlength=almost_best.shape[1])
    shared[municipality] = 0
    neighbours = np.argsort(-shared, kind="stable")
    neighbours = neighbours[shared[neighbours] > 0]
    before = (
        unit_counts[municipality] + np.cumsum(unit_counts[neighbours]) - unit_counts[neighbours]
    )
    return np.concatenate([[municipality], neighbours[before < size]])
