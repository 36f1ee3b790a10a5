"""Draws and quotas: the same on every machine, and as exact as whole numbers allow."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instances.apportionment import (
    apportion,
    fit_proportionally,
    round_to_households,
    systematic_indices,
)
from instances.random_stream import RandomStream

weights = st.lists(st.integers(0, 1000), min_size=1, max_size=20).filter(lambda w: sum(w) > 0)


def test_the_raw_stream_is_the_one_it_always_was() -> None:
    assert RandomStream(1, "x").raw_integers(4).tolist() == [
        1837423160,
        1014649782,
        4311409,
        799561733,
    ]
    assert RandomStream(1, "x").substream("y").integers_below(10, 8).tolist() == [
        7,
        8,
        0,
        1,
        0,
        9,
        0,
        0,
    ]


def test_purposes_and_seeds_have_streams_of_their_own() -> None:
    streams = [
        RandomStream(1, "a"),
        RandomStream(1, "b"),
        RandomStream(2, "a"),
        RandomStream(1, "a").substream("b"),
    ]
    assert len({tuple(stream.raw_integers(8).tolist()) for stream in streams}) == 4


@given(st.integers(0, 2**32), st.integers(1, 2**31))
def test_draws_stay_below_their_bound(seed: int, bound: int) -> None:
    drawn = RandomStream(seed, "x").integers_below(bound, 50)
    assert 0 <= drawn.min() <= drawn.max() < bound


def test_small_bounds_are_drawn_about_evenly() -> None:
    counts = np.bincount(RandomStream(3, "x").integers_below(6, 60_000), minlength=6)
    assert abs(counts - 10_000).max() < 500


@given(st.integers(0, 99), st.floats(0, 1), st.lists(st.booleans(), max_size=60))
def test_some_picks_the_share_of_those_among_whom_it_picks(
    seed: int, share: float, among: list[bool]
) -> None:
    mask = np.array(among, dtype=np.bool_)
    picked = RandomStream(seed, "x").sample_share(mask, share)
    assert not (picked & ~mask).any()
    assert abs(picked.sum() - share * mask.sum()) < 1.001


def test_tabled_draws_keep_to_their_steps() -> None:
    drawn = RandomStream(4, "x").integers_from_steps([(3, 1), (9, 3)], 4000, first=1)
    assert set(drawn.tolist()) == set(range(1, 10))
    assert abs((drawn <= 3).sum() - 1000) < 120


@given(weights, st.integers(0, 5000))
def test_largest_remainder_gives_everything_out_within_one_of_the_share(
    shares: list[int], total: int
) -> None:
    given_out = apportion(shares, total)
    exact = np.array(shares) * total / sum(shares)
    assert given_out.sum() == total
    assert (np.abs(given_out - exact) < 1).all()


def test_largest_remainder_of_nothing_is_nothing() -> None:
    assert apportion([0, 0], 5).tolist() == [0, 0]


@given(weights, st.integers(1, 500))
def test_even_steps_keep_every_stretch_of_the_list_within_one(
    shares: list[int], count: int
) -> None:
    chosen = systematic_indices(shares, count)
    counts = np.bincount(chosen, minlength=len(shares))
    exact = np.cumsum(shares) * count / sum(shares)
    assert (np.abs(np.cumsum(counts) - exact) <= 1).all()


def test_a_fitted_table_adds_up_both_ways_and_keeps_its_zeros() -> None:
    table = fit_proportionally([[1, 1], [0, 3]], [30, 70], [10, 90])
    assert [sum(row) for row in table] == pytest.approx([30, 70])
    assert [sum(column) for column in zip(*table, strict=True)] == pytest.approx([10, 90])
    assert table[1][0] == 0


def test_what_one_cell_lacks_is_carried_over_to_the_next() -> None:
    given_out = round_to_households([[6.0, 2.0], [1.5, 1.5]], [4, 1])
    assert [counts.tolist() for counts in given_out] in ([[2, 0], [0, 3]], [[1, 1], [3, 0]])
