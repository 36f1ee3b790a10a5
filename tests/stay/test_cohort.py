"""The cohort of the report: every published sum is met, and nothing else is claimed."""

import numpy as np
import pytest

from matcher.stay import municipalities as kinds
from matcher.stay import persons
from matcher.stay.coefficients import settled_counts_2010_2023, settled_shares_2010_2016
from matcher.stay.cohort import person_type_shares, settled_place_shares
from matcher.stay.raking import MarginTarget, margin_sums, rake


@pytest.mark.parametrize(("axis", "variable"), list(enumerate(persons.PERSON_LEVELS)))
def test_persons_are_those_of_table_2(axis, variable):
    """By each fact alone."""
    shares = settled_shares_2010_2016(variable)
    expected = [shares[level] for level in persons.PERSON_LEVELS[variable]]
    assert margin_sums(person_type_shares(), axis) == pytest.approx(expected, abs=1e-9)


def test_two_sentences_of_the_report_hold():
    """69 % of the women are parents of children; 36 % of those of 18-29 live alone."""
    kind = persons.PERSON_LEVELS["household_type"]
    women = margin_sums(person_type_shares(), 0, 2)[1]
    assert women[kind.index("parent of child under 18")] / women.sum() == pytest.approx(0.69)
    young = margin_sums(person_type_shares(), 1, 2)[persons.PERSON_LEVELS["age"].index("18-29")]
    assert young[kind.index("living alone")] / young.sum() == pytest.approx(0.36)


@pytest.mark.parametrize("dimension", ["centrality", "population", "landsdel"])
def test_places_are_those_of_table_1(dimension):
    """Persons settled in each kind of municipality."""
    settled = settled_counts_2010_2023(dimension)
    counts = np.array([settled[level] for level in kinds.PLACE_LEVELS[dimension]])
    found = margin_sums(settled_place_shares(), list(kinds.PLACE_LEVELS).index(dimension))
    assert found == pytest.approx(counts / counts.sum(), abs=1e-9)


def test_raking_meets_sums_and_keeps_what_they_say_nothing_of():
    """Two by two, by hand: odds of 2 * 1 / (1 * 1) stay 2 while both margins become even."""
    sums = [MarginTarget.from_counts((2, 2), (axis,), np.array([1, 1])) for axis in (0, 1)]
    got = rake(np.array([[2.0, 1.0], [1.0, 1.0]]), sums)
    assert got.sum(axis=0) == pytest.approx([0.5, 0.5])
    assert got.sum(axis=1) == pytest.approx([0.5, 0.5])
    assert got[0, 0] * got[1, 1] / (got[0, 1] * got[1, 0]) == pytest.approx(2)


def test_raking_makes_nothing_of_what_must_be_nothing():
    """A group with the target 0 is emptied, and the rest is met."""
    sums = [
        MarginTarget.from_counts((2, 2), (0,), np.array([0, 4])),
        MarginTarget.from_counts((2, 2), (1,), np.array([1, 3])),
    ]
    assert rake(np.ones((2, 2)), sums) == pytest.approx(np.array([[0, 0], [0.25, 0.75]]))


def test_effects_of_a_kind_are_those_of_its_levels():
    """A woman of 40-49, alone, from Iraq, resettled: 0.02 - 0.11 - 0.03 + 0.14 + 0.04 - 0.10."""
    from matcher.stay import Coefficients, Horizon  # noqa: PLC0415

    table = persons.person_type_effects(Coefficients.read(Horizon.SEVEN_YEARS))
    words = ("woman", "40-49", "living alone", "Iraq", "resettlement refugee")
    place = tuple(
        levels.index(w) for levels, w in zip(persons.PERSON_LEVELS.values(), words, strict=True)
    )
    assert table[place] == pytest.approx(-0.04)
