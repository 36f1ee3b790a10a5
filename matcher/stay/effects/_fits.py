"""What several effects share: how a distance, an answer or a number becomes a fit, -1 to 1."""

import numpy as np

from matcher.domain import Answer
from matcher.tables import FloatArray, HouseholdTable, IntArray


def near(minutes: FloatArray, neutral: float) -> FloatArray:
    """Fit of a travel time: 1 next door, 0 at ``neutral`` minutes, -1 from twice that.

    Nothing (0) where the travel time is not known; as far as can be where it is infinite.
    """
    fit = np.clip(1.0 - minutes / neutral, -1.0, 1.0)
    return np.asarray(np.where(np.isnan(fit), 0.0, fit))


def lacking(service: IntArray) -> FloatArray:
    """Fit of a service that most places have: -1 where it is known to be missing, else 0."""
    return np.asarray(np.where(service == Answer.NO, -1.0, 0.0))


def alike(h: HouseholdTable, fit: FloatArray) -> FloatArray:
    """Give every unit the fit of the municipality, shape (units, municipalities)."""
    return np.broadcast_to(fit, (len(h), len(fit)))


def positive(what: str, value: float) -> None:
    """Check a parameter by name.

    Raises
    ------
    ValueError
        When it is not above 0.
    """
    if not value > 0:
        raise ValueError(f"{what} is {value}; give a number above 0")
