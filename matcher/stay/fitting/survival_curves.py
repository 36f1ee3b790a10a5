"""Survival by group: share who have not moved after each year, predicted and observed."""

import numpy as np

from matcher.domain.tables.array_types import FloatArray
from matcher.stay.fitting.coding import VARIABLE_LEVELS, code_rows
from matcher.stay.fitting.models import HazardModel
from matcher.stay.fitting.register import Register

MIN_PERSONS = 50
"""Groups with fewer persons get no curve."""


def compare_survival_by_group(
    model: HazardModel, register: Register, variable: str
) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Return predicted and observed shares who have not moved after each year, by level.

    The observed share is the Kaplan-Meier estimate, so that persons lost to follow-up count until
    they were lost.
    """
    rows = code_rows(register.people)
    predicted, observed = {}, {}
    for code, level in enumerate(VARIABLE_LEVELS[variable]):
        chosen = np.flatnonzero(rows.codes[variable] == code)
        if len(chosen) >= MIN_PERSONS:
            predicted[level] = model.predict_survival(rows.take(chosen)).mean(axis=0)
            observed[level] = _kaplan_meier(
                register.followed_years[chosen], register.moved[chosen], len(model.by_year)
            )
    return predicted, observed


def _kaplan_meier(years: np.ndarray, moved: np.ndarray, horizon: int) -> FloatArray:
    year = np.arange(1, horizon + 1)
    at_risk = (years[:, None] >= year).sum(axis=0)
    movers = ((years[:, None] == year) & moved[:, None]).sum(axis=0)
    return np.asarray(np.cumprod(1.0 - movers / np.maximum(at_risk, 1)))
