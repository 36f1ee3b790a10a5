"""No gain is invented: a world where places change nothing shows none on held-out data."""

import numpy as np
import pytest

from instances.register import SimulationTruth, compute_true_pair_fits, simulate_register
from matcher.stay.fitting.matching_gains import (
    MatchingGains,
    estimate_matching_gains,
    place_persons,
)
from matcher.stay.fitting.register import RegisterError, build_register

COUNT = 6000


def gains(truth: SimulationTruth, seed: int, method: str = "linear") -> MatchingGains:
    """What a placement by a model fitted in a world would gain there."""
    rows = simulate_register(COUNT, seed, truth, clipped=True)
    return estimate_matching_gains(build_register(rows), method, 7, compute_true_pair_fits)


@pytest.mark.slow
@pytest.mark.parametrize(("method", "seed"), [("linear", 2), ("linear", 3), ("boosting", 1)])
def test_where_nothing_helps_the_model_promises_much_and_held_out_data_nothing(method, seed):
    """Plug-in: two points and more, with certainty. Held out: nothing within the interval."""
    found = gains(SimulationTruth.with_equal_places(), seed, method)
    assert found.plug_in.interval[0] > 0.02
    for honest in (found.inverse_propensity, found.doubly_robust):
        low, high = honest.interval
        assert low < 0 < high
        assert high < found.plug_in.gain


@pytest.mark.slow
def test_where_places_differ_alike_for_all_matching_gains_nothing():
    """Effects that only add up: who comes where does not matter when as many come."""
    low, high = gains(SimulationTruth(), 2).doubly_robust.interval
    assert low < 0 < high


@pytest.mark.slow
def test_where_pairs_matter_held_out_data_shows_it():
    """A large planted effect: found with certainty, and less than the model promises."""
    found = gains(SimulationTruth(pair_sizes={"rural_or_urban": 0.25}), 1)
    for honest in (found.inverse_propensity, found.doubly_robust):
        assert honest.interval[0] > 0.03
        assert honest.gain < found.plug_in.gain


@pytest.mark.slow
def test_estimates_agree_with_the_truth_where_it_is_known():
    """Gain by the true probabilities of the same placement, from fits of -1, 0 and 1 by thirds.

    With 0.25 for a fit, moving everyone of a background where it fits gains 0.25 for those moved
    from a misfit; the doubly robust estimate lies below the largest possible gain.
    """
    rows = simulate_register(
        COUNT, 1, SimulationTruth(pair_sizes={"rural_or_urban": 0.25}), clipped=True
    )
    first = rows.groupby("person").head(1)
    possible = 0.25 * (
        np.abs(first["pair_rural_or_urban"]).mean() - first["pair_rural_or_urban"].mean()
    )
    found = estimate_matching_gains(build_register(rows), "linear", 7, compute_true_pair_fits)
    assert 0.5 * possible < found.doubly_robust.gain < possible + 2 * found.doubly_robust.error


def test_a_placement_fills_each_arm_as_asked():
    """Shares of the arms are met, everyone is placed once, and the best is chosen when free."""
    random = np.random.default_rng(1)
    worth = random.normal(0, 0.1, (500, 3))
    shares = np.array([0.5, 0.3, 0.2])
    placed = place_persons(worth, shares)
    assert placed.sum(axis=1) == pytest.approx(np.ones(500))
    assert placed.mean(axis=0) == pytest.approx(shares, abs=1e-6)
    assert (placed * worth).sum() > (shares * worth).sum() + 20


@pytest.mark.slow
def test_pair_effects_of_the_place_one_came_to_do_not_leak():
    """Without a way to work them out anew they are left out: no gain is seen in them."""
    rows = simulate_register(COUNT, 4, SimulationTruth(), clipped=True)
    told = rows.assign(pair_told=(rows["centrality"] - 3.5) / 2.5)
    plain = estimate_matching_gains(build_register(rows), "linear", 7)
    assert estimate_matching_gains(build_register(told), "linear", 7) == plain


def test_gains_need_every_kind_of_place():
    """Nobody in one of the classes is an error, not a gain."""
    rows = simulate_register(2000, 1)
    rows = rows[rows["centrality"] != 6]
    with pytest.raises(RegisterError, match="every centrality class"):
        estimate_matching_gains(build_register(rows), "linear", 7)
