"""Survival by group: share who have not moved after each year, predicted and observed."""

import numpy as np

from matcher.fitting.coding import LEVELS, coded
from matcher.fitting.models import HazardModel
from matcher.fitting.register import Register
from matcher.tables import FloatArray

MIN_PERSONS = 50
"""Groups with fewer persons get no curve."""


def survival_by_group(
    model: HazardModel, register: Register, variable: str
) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Return predicted and observed shares who have not moved after each year, by level.

    The observed share is the Kaplan-Meier estimate, so that persons lost to follow-up count until
    they were lost.
    """
    rows = coded(register.people)
    predicted, observed = {}, {}
    for code, level in enumerate(LEVELS[variable]):
        chosen = np.flatnonzero(rows.codes[variable] == code)
        if len(chosen) >= MIN_PERSONS:
            predicted[level] = model.survival(rows.take(chosen)).mean(axis=0)
            observed[level] = _kaplan_meier(
                register.years[chosen], register.moved[chosen], len(model.by_year)
            )
    return predicted, observed


def _kaplan_meier(years: np.ndarray, moved: np.ndarray, horizon: int) -> FloatArray:
    year = np.arange(1, horizon + 1)
    at_risk = (years[:, None] >= year).sum(axis=0)
    movers = ((years[:, None] == year) & moved[:, None]).sum(axis=0)
    return np.asarray(np.cumprod(1.0 - movers / np.maximum(at_risk, 1)))
