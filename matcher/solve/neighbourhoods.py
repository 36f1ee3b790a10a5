"""Neighbourhoods of a plan: the units that are worth solving for again together.

A plan loses to the bound where units are not at their best at the prices. Around each
municipality whose units lose most, those who are in the places that others would nearly as well
take are set free with them: between such places there is something to exchange.
"""

from collections.abc import Iterator

import numpy as np

from matcher.program import UNPLACED, Choice
from matcher.solve.classes import Classes
from matcher.solve.lagrangian import Relaxation
from matcher.tables import BoolArray, FloatArray, IntArray

NEARLY = 3.0
"""Points from a unit's best within which a municipality is nearly as good for it."""
LITTLE = 0.1
"""Points that the units of a municipality may lose without a neighbourhood of its own."""
DONE = 3
"""One in so many municipalities of a neighbourhood, the first, need none of their own."""


def neighbourhoods(
    classes: Classes, relaxation: Relaxation, choice: Choice, size: int
) -> Iterator[IntArray]:
    """Units to solve for again, neighbourhood by neighbourhood, those that lose most first.

    Parameters
    ----------
    classes : Classes
    relaxation : Relaxation
        Whose reduced values say what a pair loses.
    choice : int array, shape (units,)
    size : int
        Units of a neighbourhood, about.
    """
    lost = _lost(classes, relaxation, choice)
    order = np.argsort(-lost, kind="stable")[: np.count_nonzero(lost > LITTLE)]
    done = np.zeros(len(lost), dtype=np.bool_)
    nearly = relaxation.reduced >= -NEARLY
    for municipality in order.tolist():
        if not done[municipality]:
            around = _around(classes, nearly, choice, municipality, size)
            done[around[: max(1, len(around) // DONE)]] = True
            yield np.flatnonzero(np.isin(choice, around))


def _lost(classes: Classes, relaxation: Relaxation, choice: Choice) -> FloatArray:
    """What the units of each municipality lose, in points."""
    placed = np.flatnonzero(choice != UNPLACED)
    where = choice[placed]
    lost = -relaxation.reduced[classes.of_unit[placed], where]
    weights = np.bincount(where, weights=lost, minlength=classes.open.shape[1])
    return np.asarray(weights, dtype=np.float64)


def _around(
    classes: Classes, nearly: BoolArray, choice: Choice, municipality: int, size: int
) -> IntArray:
    """A municipality, and where those are now who would nearly go there, most of them first."""
    likes = nearly[classes.of_unit, municipality] & (choice != UNPLACED)
    there = np.bincount(choice[choice != UNPLACED], minlength=nearly.shape[1])
    shared = np.bincount(choice[likes], minlength=nearly.shape[1])
    shared[municipality] = 0
    others = np.argsort(-shared, kind="stable")
    others = others[shared[others] > 0]
    before = there[municipality] + np.cumsum(there[others]) - there[others]
    return np.concatenate([[municipality], others[before < size]])
