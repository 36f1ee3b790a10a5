"""Functions shared by the effects: from a distance or an answer to a fit, -1 to 1."""

import numpy as np

from matcher.domain.answer import Answer
from matcher.domain.tables.array_types import FloatArray, IntArray
from matcher.domain.tables.households import HouseholdTable


def travel_time_fit(minutes: FloatArray, neutral: float) -> FloatArray:
    """Fit of a travel time: 1 next door, 0 at ``neutral`` minutes, -1 from twice that.

    0 where the travel time is unknown; -1 where it is infinite.
    """
    fit = np.clip(1.0 - minutes / neutral, -1.0, 1.0)
    return np.asarray(np.where(np.isnan(fit), 0.0, fit))


def missing_service_fit(service: IntArray) -> FloatArray:
    """Fit of a service that most municipalities have: -1 where known to be missing, else 0."""
    return np.asarray(np.where(service == Answer.NO, -1.0, 0.0))


def same_for_all_units(h: HouseholdTable, fit: FloatArray) -> FloatArray:
    """Repeat the fit of each municipality for every unit, shape (units, municipalities)."""
    return np.broadcast_to(fit, (len(h), len(fit)))


def check_positive(parameter: str, value: float) -> None:
    """Check that a parameter is above 0; the message names the parameter.

    Raises
    ------
    ValueError
        When the value is not above 0.
    """
    if not value > 0:
        raise ValueError(f"{parameter} is {value}; give a number above 0")
