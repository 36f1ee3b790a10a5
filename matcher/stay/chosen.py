"""Predictions for the pairs of a plan only, in blocks: a year's queue needs little memory."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matcher.domain import Answer
from matcher.stay.model import PairPart, StayModel, concerned
from matcher.tables import BoolArray, FloatArray, HouseholdTable, IntArray, MunicipalityTable

BLOCK = 1000
"""Units predicted at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """What is predicted of each unit where a plan has it; not-a-number where it has it nowhere.

    Parameters
    ----------
    probability, low, high : float array, shape (units,)
        Mean probability that the members stay, clipped for showing, and its 95 % interval.
    outside_range : bool array, shape (units,)
        A member is of a kind the model never saw (temporary collective protection).
    """

    probability: FloatArray
    low: FloatArray
    high: FloatArray
    outside_range: BoolArray


def predict_chosen(
    model: StayModel, h: HouseholdTable, m: MunicipalityTable, choice: IntArray
) -> Chosen:
    """Predict staying for the pairs of a plan.

    Parameters
    ----------
    model : StayModel
    h : HouseholdTable
    m : MunicipalityTable
    choice : int array, shape (units,)
        Row of the municipality of each unit, below 0 for none.
    """
    columns = np.full((3, len(h)), np.nan)
    for rows in _blocks(np.flatnonzero(choice >= 0)):
        found, pair = model.predict(h.take(rows), m), (np.arange(len(rows)), choice[rows])
        columns[:, rows] = found.probability[pair], found.low[pair], found.high[pair]
    outside = h.members.any_of(h.members.collective_protection == Answer.YES)
    return Chosen(columns[0], columns[1], columns[2], outside)


def chosen_fit(
    effect: PairPart, h: HouseholdTable, m: MunicipalityTable, choice: IntArray
) -> FloatArray:
    """Fit of each unit where a plan has it, shape (units,); 0 where it is nowhere."""
    out = np.zeros(len(h))
    rows, _ = concerned(effect, h)
    for block in _blocks(rows[choice[rows] >= 0]):
        fit = effect.fit(h.take(block), m)
        out[block] = fit[np.arange(len(block)), choice[block]]
    return out


def _blocks(rows: IntArray) -> Iterator[IntArray]:
    for start in range(0, len(rows), BLOCK):
        yield rows[start : start + BLOCK]
