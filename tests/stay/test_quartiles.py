"""Out-migration quartiles where they are not known: expected from table 7."""

import itertools

import numpy as np
import pytest

from instances.municipalities import real_municipalities
from matcher.domain import Quartile
from matcher.stay.municipalities import SIZE_BOUNDS, quartile_weights
from matcher.stay.tables import overall_quartile_shares, quartile_counts, quartile_shares
from tests.rules.asked import ask, household, town

LANDSDELER = ("Nord-Norge", "Trøndelag", "Vestlandet", "Sørlandet", "Østlandet", "")


def weights(*places):
    return quartile_weights(ask("stay", household(), list(places)).tables[1])


def test_a_known_quartile_is_certain():
    """One and three nothings."""
    places = [town(f"000{k}", quartile=q, centrality=6) for k, q in enumerate(Quartile)]
    assert weights(*places).tolist() == np.eye(4).tolist()


def test_weights_are_probabilities_for_every_kind_of_municipality():
    """All combinations of centrality, size and landsdel, known and not."""
    sizes = (None, 100, *SIZE_BOUNDS)
    kinds = itertools.product((None, 1, 2, 3, 4, 5, 6), sizes, LANDSDELER)
    places = [
        town(f"{k:04d}", centrality=c, population=p, landsdel=w)
        for k, (c, p, w) in enumerate(kinds)
    ]
    got = weights(*places)
    assert np.isfinite(got).all()
    assert (got >= 0).all()
    assert np.allclose(got.sum(axis=1), 1)


def test_of_a_municipality_of_which_nothing_is_known_the_country_s_shares_are_expected():
    """88, 87, 88 and 87 of 350 municipalities: nearly a quarter each, whatever is averaged."""
    got = weights(town())[0]
    assert got == pytest.approx(overall_quartile_shares(), abs=0.01)
    assert overall_quartile_shares() == pytest.approx([88 / 350, 87 / 350, 88 / 350, 87 / 350])


@pytest.mark.parametrize("centrality", range(1, 7))
def test_with_centrality_alone_the_shares_of_its_class_are_expected(centrality):
    """Table 7's row, up to the rounding of its other margins."""
    got = weights(town(centrality=centrality))[0]
    assert got == pytest.approx(quartile_shares("centrality", str(centrality)), abs=0.01)


def test_three_facts_multiply_as_if_independent_given_the_quartile():
    """Centrality 3, 20 000 to 49 999 inhabitants, Østlandet, by Bayes from the counts."""
    prior = overall_quartile_shares()
    product = prior.copy()
    for dimension, level in (
        ("centrality", "3"),
        ("population", "20000-49999"),
        ("landsdel", "Østlandet"),
    ):
        counts = np.array(quartile_counts(dimension)[level])
        product *= counts / counts.sum() / prior
    got = weights(town(centrality=3, population=30000, landsdel="Østlandet"))[0]
    assert got == pytest.approx(product / product.sum())


def test_more_remote_places_are_expected_to_lose_more():
    """The mean quartile grows with centrality class."""
    got = weights(*(town(f"000{c}", centrality=c) for c in range(1, 7))) @ np.arange(4)
    assert (np.diff(got) > 0).all()


def test_over_the_real_municipalities_a_quarter_is_expected_in_each_quartile():
    """All 357 without a known quartile: within eight points of table 7's own average.

    Margins multiplied as if independent overstate what centrality and size say twice.
    """
    places = real_municipalities()
    assert len(places) == 357
    got = weights(*places).mean(axis=0)
    assert got == pytest.approx(overall_quartile_shares(), abs=0.08)
