"""A register and its models, made once."""

import pandas as pd
import pytest

from instances.register import SimulationTruth, simulate_register
from matcher.stay.fitting.fit import FITTING_METHODS, fit_model
from matcher.stay.fitting.models import FittedModel
from matcher.stay.fitting.register import Register, build_register

PLANTED = {"school_soon": 0.30, "rural_or_urban": 0.05}


@pytest.fixture(scope="session")
def rows() -> pd.DataFrame:
    """Person-years of 12 000 with two planted pair effects."""
    return simulate_register(12_000, 1, SimulationTruth(pair_sizes=PLANTED))


@pytest.fixture(scope="session")
def register(rows) -> Register:
    """The same by person."""
    return build_register(rows)


@pytest.fixture(scope="session")
def models(register) -> dict[str, FittedModel]:
    """All four, fitted on all cohorts but the last."""
    earlier = register.select_cohorts(last=2015)
    return {method: fit_model(earlier, method) for method in FITTING_METHODS}
