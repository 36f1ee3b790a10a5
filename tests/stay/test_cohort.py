"""The cohort of the report: every published sum is met, and nothing else is claimed."""

import numpy as np
import pytest

from matcher.stay import kinds, persons
from matcher.stay.cohort import person_kinds, place_kinds
from matcher.stay.raking import Sums, margin, rake
from matcher.stay.tables import persons_settled, settled_2010_2016


@pytest.mark.parametrize(("axis", "variable"), list(enumerate(persons.LEVELS)))
def test_persons_are_those_of_table_2(axis, variable):
    """By each fact alone."""
    shares = settled_2010_2016(variable)
    expected = [shares[level] for level in persons.LEVELS[variable]]
    assert margin(person_kinds(), axis) == pytest.approx(expected, abs=1e-9)


def test_two_sentences_of_the_report_hold():
    """69 % of the women are parents of children; 36 % of those of 18-29 live alone."""
    kind = persons.LEVELS["household_type"]
    women = margin(person_kinds(), 0, 2)[1]
    assert women[kind.index("parent of child under 18")] / women.sum() == pytest.approx(0.69)
    young = margin(person_kinds(), 1, 2)[persons.LEVELS["age"].index("18-29")]
    assert young[kind.index("living alone")] / young.sum() == pytest.approx(0.36)


@pytest.mark.parametrize("dimension", ["centrality", "population", "landsdel"])
def test_places_are_those_of_table_1(dimension):
    """Persons settled in each kind of municipality."""
    settled = persons_settled(dimension)
    counts = np.array([settled[level] for level in kinds.LEVELS[dimension]])
    found = margin(place_kinds(), list(kinds.LEVELS).index(dimension))
    assert found == pytest.approx(counts / counts.sum(), abs=1e-9)


def test_raking_meets_sums_and_keeps_what_they_say_nothing_of():
    """Two by two, by hand: odds of 2 * 1 / (1 * 1) stay 2 while both margins become even."""
    sums = [Sums.of_axes((2, 2), (axis,), np.array([1, 1])) for axis in (0, 1)]
    got = rake(np.array([[2.0, 1.0], [1.0, 1.0]]), sums)
    assert got.sum(axis=0) == pytest.approx([0.5, 0.5])
    assert got.sum(axis=1) == pytest.approx([0.5, 0.5])
    assert got[0, 0] * got[1, 1] / (got[0, 1] * got[1, 0]) == pytest.approx(2)


def test_raking_makes_nothing_of_what_must_be_nothing():
    """A group with the target 0 is emptied, and the rest is met."""
    sums = [Sums.of_axes((2, 2), (0,), np.array([0, 4])), Sums.of_axes((2, 2), (1,), [1, 3])]
    assert rake(np.ones((2, 2)), sums) == pytest.approx(np.array([[0, 0], [0.25, 0.75]]))


def test_effects_of_a_kind_are_those_of_its_levels():
    """A woman of 40-49, alone, from Iraq, resettled: 0.02 - 0.11 - 0.03 + 0.14 + 0.04 - 0.10."""
    from matcher.stay import Coefficients, Horizon  # noqa: PLC0415

    table = persons.kind_effects(Coefficients.read(Horizon.SEVEN_YEARS))
    words = ("woman", "40-49", "living alone", "Iraq", "resettlement refugee")
    place = tuple(levels.index(w) for levels, w in zip(persons.LEVELS.values(), words, strict=True))
    assert table[place] == pytest.approx(-0.04)
