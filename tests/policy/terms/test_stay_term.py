"""Expected stayers: the reference person in every place, or an operator's own probabilities."""

import numpy as np
import pytest

from matcher.domain import Answer, OutMigrationQuartile, PairProbabilities
from tests.policy.rules.asked import ask, household, person, town

CENTRAL = {
    "landsdel": "Østlandet",
    "population": 60000,
    "continuous": Answer.YES,
    "quartile": OutMigrationQuartile.LOW,
}
TOWNS = [town("0001", centrality=3, **CENTRAL), town("0002", centrality=6, **CENTRAL)]
"""Moving within seven years: 0.21, and 0.21 + 0.06."""


def own(*rows):
    names, numbers, probabilities = zip(*rows, strict=True)
    return PairProbabilities(np.array(names), np.array(numbers), np.array(probabilities))


def test_a_thousand_points_for_each_expected_stayer():
    """Two persons: 2 * 790 and 2 * 730; within five years 2 * 870 and 2 * 830."""
    pair = household(person(id="1"), person(id="2", age=5, origin="Iran"))
    assert ask("stay", pair, TOWNS, years=7).all("points") == [pytest.approx([1580, 1460])]
    assert ask("stay", pair, TOWNS, years=5).all("points") == [pytest.approx([1740, 1660])]


def test_own_probabilities_keep_their_differences_and_lose_their_level():
    """0.9 and 0.5 differ by 0.4; the mean stays the reference person's 0.76.

    So 0.96 and 0.56, whether the household is likely to stay or not.
    """
    high = ask(
        "stay", household(), TOWNS, probabilities=own(("H", "0001", 0.9), ("H", "0002", 0.5))
    )
    low = ask("stay", household(), TOWNS, probabilities=own(("H", "0001", 0.6), ("H", "0002", 0.2)))
    assert high.all("points") == [pytest.approx([960, 560])]
    assert low.all("points") == [pytest.approx([960, 560])]


def test_pairs_without_a_probability_of_their_own_keep_the_model_s():
    """One known pair is moved to the level of the reference there."""
    asked = ask("stay", household(), TOWNS, probabilities=own(("H", "0002", 0.1)))
    assert asked.all("points") == [pytest.approx([790, 730])]


def test_linked_households_average_by_persons_and_need_all():
    """Where only one of two has a probability the pair is not known."""
    queue = [household(id="A"), household(person(id="1"), person(id="2"), id="B")]
    rows = [("A", "0001", 0.9), ("B", "0001", 0.6), ("A", "0002", 0.2)]
    asked = ask("stay", queue, TOWNS, links=(("A", "B"),), probabilities=own(*rows))
    assert asked.tables[0].own_probability[0, 0] == pytest.approx(0.7)
    assert np.isnan(asked.tables[0].own_probability[0, 1])


def test_reason_says_where_the_number_comes_from():
    """The model, the model outside its range, or a model of one's own."""
    code, facts = ask("stay", household(), TOWNS).told()
    assert (code, facts["years"]) == ("stay.probability", 7)
    assert facts["low"] < facts["percent"] < facts["high"]
    outside = household(person(collective_protection=Answer.YES))
    assert ask("stay", outside, TOWNS).told()[0] == "stay.outside_range"
    asked = ask("stay", household(), TOWNS, probabilities=own(("H", "0002", 0.1)))
    assert asked.told(0, 1) == ("stay.own_model", {"percent": 10, "years": 7})
