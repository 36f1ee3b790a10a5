"""Gomory cuts hold for every point in whole numbers, and are broken by the vertex of the LP."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from matcher.solve.params.lp_params import CutParams
from matcher.solve.priced.gomory import (
    ZERO_TOLERANCE,
    LpVertex,
    round_coefficients,
    separate_gomory_cuts,
)
from tests.solve.integer_programs import any_multipliers, any_vertex, basis, integer_program, lp

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("block", range(4))
def test_a_cut_of_any_multipliers_holds_for_every_point_in_whole_numbers(block, all_cuts):
    """Whatever rows are added up, wherever they rest, and also for columns that the LP lacks."""
    made, complemented, beside = 0, 0, 0
    for seed in range(100 * block, 100 * (block + 1)):
        system, points, random = integer_program(seed)
        vertex = any_vertex(system, random)
        found = separate_gomory_cuts(system, vertex, any_multipliers(system, random), all_cuts)
        assert (points @ found.matrix.T.toarray() <= found.upper + 1e-7).all(), seed
        made += len(found.upper)
        full = np.flatnonzero(vertex.columns_at_upper_bound(system))
        complemented += found.matrix[:, full].nnz
        outside = np.setdiff1d(np.arange(len(system.upper_bound)), vertex.columns)
        beside += found.matrix[:, outside].nnz
    assert min(made, complemented, beside) > 100


@pytest.mark.parametrize("block", range(4))
def test_a_row_of_the_basis_makes_a_cut_that_the_vertex_breaks(block, dense_cuts):
    """Round for round, with the cuts so far among the rows; no point in whole numbers is lost."""
    broken = at_bound = at_lower = on_cuts = 0
    for seed in range(100 * block, 100 * (block + 1)):
        system, points, _ = integer_program(seed)
        for _ in range(4):
            vertex, value, inverse = basis(lp(system), system)
            part = value - np.floor(value)
            for row in np.flatnonzero(
                (part > 2 * dense_cuts.min_right_fraction)
                & (part < 1 - 2 * dense_cuts.min_right_fraction)
            ):
                found = separate_gomory_cuts(system, vertex, inverse[[row]], dense_cuts)
                beyond = found.matrix @ vertex.values - found.upper
                assert len(beyond), (seed, row)
                assert (beyond > 0).all(), (seed, row)
                at_bound += vertex.columns_at_upper_bound(system).any()
                at_lower += (vertex.at_lower_limit & (np.abs(inverse[row]) > ZERO_TOLERANCE)).any()
                on_cuts += (system.is_cut & (np.abs(inverse[row]) > ZERO_TOLERANCE)).any()
            found = separate_gomory_cuts(system, vertex, inverse, dense_cuts)
            assert (points @ found.matrix.T.toarray() <= found.upper + 1e-7).all(), seed
            if not len(found.upper):
                break
            broken += len(found.upper)
            system = system.with_cuts(found)
    assert min(broken, at_bound, at_lower, on_cuts) >= 10


def test_a_vertex_in_whole_numbers_is_not_cut_off(dense_cuts):
    """No cut is broken by a point that keeps every row."""
    for seed in range(60):
        system, points, random = integer_program(seed)
        everything = np.arange(len(system.upper_bound))
        for point in points[:3]:
            low = random.random(len(system.is_cut)) < 0.5
            vertex = LpVertex(everything, point, system.matrix @ point, low)
            assert not len(
                separate_gomory_cuts(
                    system, vertex, any_multipliers(system, random), dense_cuts
                ).upper
            ), seed


NUMBERS = st.floats(-50, 50)
FRACTIONS = st.floats(CutParams().min_right_fraction, CutParams().max_right_fraction)


@given(NUMBERS | st.integers(-50, 50), NUMBERS | st.floats(-1e-6, 1e-6), FRACTIONS)
@example(3, -1e-7, 0.5)
@example(-2, -1e-6, 0.9)
def test_rounding_is_continuous_and_never_falls(value, step, fraction):
    """A coefficient that moves by little is rounded to much the same."""
    one, other = round_coefficients(np.array([value, value + step]), np.full(2, fraction))
    assert abs(one - other) <= (abs(step) + 2 * ZERO_TOLERANCE) / (1 - fraction) + 1e-12
    assert (other - one) * step >= -2 * ZERO_TOLERANCE / (1 - fraction) * abs(step)


@given(NUMBERS, NUMBERS, FRACTIONS)
def test_rounding_a_sum_is_no_less_than_the_sum_of_what_is_rounded(one, other, fraction):
    """So that what holds for columns one by one holds for all that are chosen."""
    values = np.array([one, other, one + other])
    first, second, together = round_coefficients(values, np.full(3, fraction))
    assert first + second <= together + 3 * ZERO_TOLERANCE / (1 - fraction)
    assert (round_coefficients(values, np.full(3, fraction)) <= values + ZERO_TOLERANCE).all()


@given(st.integers(-50, 50), st.floats(-ZERO_TOLERANCE / 2, ZERO_TOLERANCE / 2), FRACTIONS)
def test_rounding_keeps_whole_numbers_as_they_are(number, error, fraction):
    """Also those that rounding errors have put a little off."""
    (found,) = round_coefficients(np.array([number + error]), np.array([fraction]))
    assert found == pytest.approx(number, abs=ZERO_TOLERANCE)
