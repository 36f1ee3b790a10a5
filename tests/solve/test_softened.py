"""A pass made smooth: the same compiled and in NumPy, never below the exact one, and its slope."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.solve.params.solver_params import BlockParams
from matcher.solve.priced.smoothing import load_smoothing_kernel, smooth_options, smooth_with_numpy

pytestmark = pytest.mark.slow
NEGLIGIBLE = BlockParams().negligible_temperatures


@st.composite
def cases(draw):
    """Reduced values with closed pairs and ties, use of layers, floors; any heat."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    units, places, layers = (draw(st.integers(0, most)) for most in (6, 7, 3))
    reduced = -random.integers(0, 40, size=(units, places)).astype(np.float64)
    reduced[random.random(reduced.shape) < 0.3] = -np.inf
    use = random.integers(0, 4, size=(units, layers)).astype(np.float64)
    floor = np.where(random.random(units) < 0.5, -np.inf, -random.integers(0, 9, size=units))
    return reduced, use, floor, draw(st.sampled_from([0.1, 1.0, 7.5, 300.0])), NEGLIGIBLE


@given(cases())
@settings(max_examples=200, deadline=None)
def test_the_compiled_twin_gives_what_numpy_gives(case):
    """Within 1e-9, as sums may be added in another order."""
    one, other = load_smoothing_kernel()(*case), smooth_with_numpy(*case)
    assert one[0] == pytest.approx(other[0], rel=1e-9, abs=1e-9)
    assert one[1] == pytest.approx(other[1], rel=1e-9, abs=1e-9)


@given(cases())
@settings(max_examples=100, deadline=None)
def test_what_is_added_is_at_least_nothing_and_at_most_the_heat_times_the_logarithm(case):
    """For each unit that has its best at 0: heat times the logarithm of its options."""
    reduced, use, floor, heat, negligible = case
    best = np.maximum(reduced.max(axis=1, initial=-np.inf), floor)
    some = np.isfinite(best)
    level = reduced[some] - best[some, None], use[some], floor[some] - best[some], heat, negligible
    extra, demand = smooth_options(*level)
    assert -1e-9 <= extra <= heat * np.log(reduced.shape[1] + 1) * some.sum() + 1e-9
    assert (demand >= 0).all()
    assert (demand.sum(axis=1) <= use[some].sum(axis=0) + 1e-9).all()


def test_demand_is_the_slope_of_what_the_pass_is_worth():
    """A price a little higher takes away what is used there, to first order."""
    random = np.random.default_rng(5)
    net = random.normal(size=(40, 6)) * 3
    use, heat, little = random.integers(1, 4, size=(40, 2)).astype(np.float64), 0.8, 1e-5

    def worth(price):
        paid = net - use @ price
        best = paid.max(axis=1)
        extra, demand = smooth_options(
            paid - best[:, None], use, np.full(40, -np.inf), heat, NEGLIGIBLE
        )
        return best.sum() + extra, demand

    price = random.normal(size=(2, 6))
    demand = worth(price)[1]
    for layer, place in np.ndindex(2, 6):
        step = np.zeros((2, 6))
        step[layer, place] = little
        slope = (worth(price + step)[0] - worth(price - step)[0]) / (2 * little)
        assert slope == pytest.approx(-demand[layer, place], rel=1e-5, abs=1e-5)
