"""A register and its models, made once."""

import pandas as pd
import pytest

from instances.register import Truth, simulate_register
from matcher.fitting.fit import METHODS, fit
from matcher.fitting.models import FittedModel
from matcher.fitting.register import Register, register_of

PLANTED = {"school_soon": 0.30, "rural_or_urban": 0.05}


@pytest.fixture(scope="session")
def rows() -> pd.DataFrame:
    """Person-years of 12 000 with two planted pair effects."""
    return simulate_register(12_000, 1, Truth(pairs=PLANTED))


@pytest.fixture(scope="session")
def register(rows) -> Register:
    """The same by person."""
    return register_of(rows)


@pytest.fixture(scope="session")
def models(register) -> dict[str, FittedModel]:
    """All four, fitted on all cohorts but the last."""
    earlier = register.cohorts(last=2015)
    return {method: fit(earlier, method) for method in METHODS}
