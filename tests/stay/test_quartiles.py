"""Out-migration quartiles where they are not known: expected from table 7."""

import itertools
from collections import Counter
from typing import Any

import numpy as np
import pytest

from instances.municipalities import real_municipalities
from matcher.domain import Answer, OutMigrationQuartile
from matcher.files.cell_kinds import parse_quartile
from matcher.files.plain_cells import CellError
from matcher.stay import StayModel
from matcher.stay.coefficients import municipality_counts, quartile_counts
from matcher.stay.municipalities import (
    PLACE_LEVELS,
    SIZE_BOUNDS,
    municipality_type_shares,
    quartile_probabilities,
)
from matcher.stay.raking import margin_sums
from tests.independent.stay_table import StayTable, known_facts
from tests.independent.stay_table import fitted_kinds as fitted_again
from tests.policy.rules.asked import ask, household, person, town

LANDSDELER = ("Nord-Norge", "Trøndelag", "Vestlandet", "Sørlandet", "Østlandet", "")


def weights(*places):
    return quartile_probabilities(ask("stay", household(), list(places)).tables[1])


def test_a_known_quartile_is_certain():
    """One and three nothings."""
    places = [town(f"000{k}", quartile=q, centrality=6) for k, q in enumerate(OutMigrationQuartile)]
    assert weights(*places) == pytest.approx(np.eye(4))


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


OVERALL = [88 / 350, 87 / 350, 88 / 350, 87 / 350]
"""Municipalities of table 7 by quartile."""


def test_of_a_municipality_of_which_nothing_is_known_the_country_s_shares_are_expected():
    """88, 87, 88 and 87 of 350 municipalities."""
    assert weights(town())[0] == pytest.approx(OVERALL, abs=1e-6)


@pytest.mark.parametrize("dimension", ["continuity", "centrality", "population", "landsdel"])
def test_every_margin_of_table_7_is_met(dimension):
    """Municipalities of each level in each quartile, to a millionth of one."""
    axis = list(PLACE_LEVELS).index(dimension)
    published = np.array([quartile_counts(dimension)[level] for level in PLACE_LEVELS[dimension]]).T
    assert margin_sums(municipality_type_shares(), 0, axis) * 350 == pytest.approx(
        published, abs=1e-6
    )


@pytest.mark.parametrize("centrality", range(1, 7))
def test_with_one_fact_alone_the_shares_of_its_row_are_expected(centrality):
    """Table 7's row by centrality."""
    row = np.array(quartile_counts("centrality")[str(centrality)])
    assert weights(town(centrality=centrality))[0] == pytest.approx(row / row.sum(), abs=1e-6)


def test_continuity_tells_of_the_quartile():
    """30 of 229 that settle without a break lose most, and 57 of the 121 others."""
    assert weights(town(continuous=Answer.YES))[0, 3] == pytest.approx(30 / 229, abs=1e-6)
    assert weights(town(continuous=Answer.NO))[0, 3] == pytest.approx(57 / 121, abs=1e-6)
    small: dict[str, Any] = {"centrality": 6, "population": 1500, "landsdel": "Vestlandet"}
    yes, unknown, no = (weights(town(**small, continuous=a))[0, 3] for a in (1, -1, 0))
    assert yes < unknown < no


@pytest.mark.slow
def test_the_fitting_agrees_with_one_worked_another_way():
    """Factors of table 7's cells, kind by kind, against sweeps over arrays."""
    ours, axes = municipality_type_shares(), list(PLACE_LEVELS.values())
    for kind, share in fitted_again().items():
        place = tuple(axes[a].index(level) for a, level in enumerate(kind))
        assert ours[place] == pytest.approx(share, abs=1e-9), kind


def test_the_real_municipalities_agree_with_the_same_one_by_one():
    """Reference person's stay in each of the 357."""
    places = real_municipalities()
    got = StayModel().reference_stay(ask("stay", household(), list(places)).tables[1])
    table = StayTable(7)
    assert got == pytest.approx([table.reference(m) for m in places], abs=1e-8)


def test_the_country_s_make_up_is_that_of_the_municipalities():
    """Counted from the real municipalities, by kind."""
    counted = Counter(
        (f["centrality"], f["population"], f["landsdel"])
        for f in map(known_facts, real_municipalities())
    )
    assert counted == municipality_counts()


def test_what_table_7_rules_out_still_has_an_answer():
    """No municipality of centrality 1 has a high out-migration; one that says so is believed."""
    oslo: dict[str, Any] = {"centrality": 1, "population": 700000, "landsdel": "Østlandet"}
    assert weights(town(**oslo))[0] == pytest.approx([1, 0, 0, 0], abs=1e-6)
    assert weights(town(**oslo, quartile=OutMigrationQuartile.HIGH))[0] == pytest.approx(
        [0, 0, 0, 1]
    )
    small: dict[str, Any] = {"centrality": 1, "population": 500, "landsdel": "Nord-Norge"}
    assert weights(town(**small)).sum() == pytest.approx(1)


def test_the_spread_over_the_quartiles_widens_the_interval():
    """What the quartile could be, worked by hand for centrality 2: 17 low and 4 medium low.

    Effects 0 and 0.10: a variance of 0.01 * (17/21) * (4/21), beside the coefficient's own.
    """
    facts: dict[str, Any] = {"landsdel": "Østlandet", "population": 60000, "continuous": Answer.YES}
    place = ask("stay", household(person()), town(centrality=2, **facts)).tables[1]
    share = quartile_probabilities(place)[0, 1]
    unknown, sure = (
        StayModel().place_effects(place),
        StayModel().place_effects(
            ask(
                "stay", household(), town(centrality=2, quartile=OutMigrationQuartile.LOW, **facts)
            ).tables[1]
        ),
    )
    rounding = 0.01**2 + 0.01**2 / 12
    assert unknown.value - sure.value == pytest.approx([0.10 * share], abs=1e-6)
    assert unknown.variance - sure.variance == pytest.approx(
        [0.01 * share * (1 - share) + share**2 * rounding], abs=1e-6
    )


@pytest.mark.parametrize(
    ("per_cent", "quartile"),
    [(0, "low"), (40.9, "low"), (41, "medium low"), (56.9, "medium low"), (57, "medium high"),
     (72, "medium high"), (73, "high"), (100, "high")],
)  # fmt: skip
def test_a_known_share_has_its_quartile(per_cent, quartile):
    """Both ends of every quartile, as the report bounds them."""
    assert OutMigrationQuartile.from_share(per_cent) == quartile
    assert parse_quartile(str(per_cent)) == quartile


@pytest.mark.parametrize("per_cent", [-1, 100.5])
def test_a_share_is_a_share(per_cent):
    """Not below nothing, not above all."""
    with pytest.raises(ValueError, match="0 to 100"):
        OutMigrationQuartile.from_share(per_cent)
    with pytest.raises(CellError):
        parse_quartile(str(per_cent))


def test_more_remote_places_are_expected_to_lose_more():
    """The mean quartile grows with centrality class."""
    got = weights(*(town(f"000{c}", centrality=c) for c in range(1, 7))) @ np.arange(4)
    assert (np.diff(got) > 0).all()


def test_over_the_real_municipalities_a_quarter_is_expected_in_each_quartile():
    """All 357 without a known quartile: within a point of table 7's own average."""
    places = real_municipalities()
    assert len(places) == 357
    assert weights(*places).mean(axis=0) == pytest.approx(OVERALL, abs=0.01)
