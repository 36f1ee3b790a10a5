"""Predictions for the pairs of a plan only, in blocks, so that a long queue needs little memory."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matcher.domain.answer import Answer
from matcher.domain.tables.array_types import BoolArray, FloatArray, IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.stay.model import PairEffectProtocol, StayModel, select_concerned

BLOCK_SIZE = 1000
"""Units predicted at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class PlanPrediction:
    """Prediction for each unit in the municipality of a plan; not-a-number for unplaced units.

    Parameters
    ----------
    probability, low, high : float array, shape (units,)
        Mean probability that the members stay, clipped to 0-1, and its 95 % interval.
    outside_range : bool array, shape (units,)
        A member belongs to a group that the model was not estimated on (temporary collective
        protection).
    """

    probability: FloatArray
    low: FloatArray
    high: FloatArray
    outside_range: BoolArray


def predict_plan(
    model: StayModel, h: HouseholdTable, m: MunicipalityTable, choice: IntArray
) -> PlanPrediction:
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
        prediction, pair = model.predict(h.take(rows), m), (np.arange(len(rows)), choice[rows])
        columns[:, rows] = prediction.probability[pair], prediction.low[pair], prediction.high[pair]
    outside = h.members.any_of(h.members.collective_protection == Answer.YES)
    return PlanPrediction(columns[0], columns[1], columns[2], outside)


def pair_fit_in_plan(
    effect: PairEffectProtocol, h: HouseholdTable, m: MunicipalityTable, choice: IntArray
) -> FloatArray:
    """Fit of each unit in the municipality of a plan, shape (units,); 0 for unplaced units."""
    out = np.zeros(len(h))
    rows, _ = select_concerned(effect, h)
    for block in _blocks(rows[choice[rows] >= 0]):
        fit = effect.fit_scores(h.take(block), m)
        out[block] = fit[np.arange(len(block)), choice[block]]
    return out


def _blocks(rows: IntArray) -> Iterator[IntArray]:
    for start in range(0, len(rows), BLOCK_SIZE):
        yield rows[start : start + BLOCK_SIZE]
