"""Survival by group: how many are still there after each year, predicted and observed."""

import numpy as np

from matcher.fitting.coding import LEVELS, coded
from matcher.fitting.models import HazardModel
from matcher.fitting.register import Register
from matcher.tables import FloatArray

FEWEST = 50
"""Groups of fewer persons get no curve."""


def survival_by_group(
    model: HazardModel, register: Register, variable: str
) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Predicted and observed share still there after each year, by level of a variable.

    Observed as Kaplan and Meier have it, so that those who were lost count until they were.
    """
    rows = coded(register.people)
    predicted, observed = {}, {}
    for code, level in enumerate(LEVELS[variable]):
        chosen = np.flatnonzero(rows.codes[variable] == code)
        if len(chosen) >= FEWEST:
            predicted[level] = model.survival(rows.take(chosen)).mean(axis=0)
            observed[level] = _kaplan_meier(
                register.years[chosen], register.moved[chosen], len(model.by_year)
            )
    return predicted, observed


def _kaplan_meier(years: np.ndarray, moved: np.ndarray, horizon: int) -> FloatArray:
    year = np.arange(1, horizon + 1)
    there = (years[:, None] >= year).sum(axis=0)
    left = ((years[:, None] == year) & moved[:, None]).sum(axis=0)
    return np.asarray(np.cumprod(1.0 - left / np.maximum(there, 1)))
