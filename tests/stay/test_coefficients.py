"""Every coefficient of table 4 is used, and the periods of the table add up."""

import numpy as np
import pytest

from matcher.domain import Sex
from matcher.stay import Coefficients, Horizon, StayModel
from matcher.stay.coefficients import Coefficient
from tests.policy.rules.asked import person, town
from tests.stay.reference_persons import REFERENCE, everyone, tables

NOT_USED = {"settlement_year", "income_at_move"}
"""When a person was settled and earned: not known of someone who is yet to be settled."""


@pytest.mark.parametrize("horizon", Horizon)
def test_every_coefficient_is_used(horizon, monkeypatch):
    """Changing any published coefficient changes some prediction, and no reference is changed."""
    t = everyone()
    published = Coefficients.read(horizon)
    before = StayModel(horizon).predict_moving(*t)
    for key, effect in published.by_level.items():
        changed = {**published.by_level, key: Coefficient(effect.value + 0.5, effect.variance)}
        monkeypatch.setattr(Coefficients, "read", lambda _, e=changed: Coefficients(horizon, e))
        moved = not np.allclose(before, StayModel(horizon).predict_moving(*t))
        assert moved == (key[0] not in NOT_USED), key


NOT_ADDING_UP = {("age", "30-39"), ("age", "40-49"), ("age", "50-59"), ("age", "60+")}
"""Where the report's three columns contradict each other by more than rounding explains."""


def test_the_two_periods_add_up_to_the_whole():
    """Least squares is linear in what it explains, so that the effect within seven years is that
    within five and that of year six to seven, up to the rounding of all three. Four effects of
    age in year six to seven are not; they are kept as printed."""
    whole, early, late = (Coefficients.read(h) for h in map(Horizon, ("7y", "5y", "6_7y")))
    off = {
        key
        for key, effect in whole.by_level.items()
        if abs(effect.value - early.coefficient(*key).value - late.coefficient(*key).value) > 0.0151
    }
    assert off == NOT_ADDING_UP
    men, women = (tables([person(**{**REFERENCE, "sex": s})], town()) for s in (Sex.MAN, Sex.WOMAN))
    for t in (men, women):
        parts = [StayModel(h).predict_moving(*t)[0, 0] for h in map(Horizon, ("5y", "6_7y", "7y"))]
        assert parts[0] + parts[1] == pytest.approx(parts[2], abs=0.06)
