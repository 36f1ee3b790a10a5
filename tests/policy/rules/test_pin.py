"""What a caseworker has decided holds."""

import pytest

from tests.policy.rules.asked import ask, household, town

TOWNS = [town("0001"), town("0002")]


def test_pinned_household_comes_there_and_nowhere_else():
    """Others are free."""
    queue = [household(id="A", pinned_to="0002"), household(id="B")]
    assert ask("pin", queue, TOWNS).all("allowed") == [[False, True], [True, True]]


def test_pin_of_one_binds_those_linked_to_it():
    """A pin on one of two, and the same pin on both."""
    for other in (None, "0002"):
        queue = [household(id="A", pinned_to="0002"), household(id="B", pinned_to=other)]
        asked = ask("pin", queue, TOWNS, links=(("A", "B"),))
        assert asked.all("allowed") == [[False, True]]


def test_linked_households_pinned_apart_fit_nowhere_and_the_reason_says_so():
    """Nothing can be right for both."""
    queue = [household(id="A", pinned_to="0001"), household(id="B", pinned_to="0002")]
    asked = ask("pin", queue, TOWNS, links=(("A", "B"),))
    assert asked.all("allowed") == [[False, False]]
    assert asked.told() == ("pin.apart", {})


def test_reason_names_where_the_household_is_pinned():
    """Asked about another municipality."""
    asked = ask("pin", household(pinned_to="0002"), TOWNS)
    assert asked.told(0, 0) == ("pin.elsewhere", {"pinned_to": "Town 0002"})


def test_pin_to_a_municipality_that_is_not_there_is_an_error_that_names_it():
    """Not silently free, not silently barred."""
    with pytest.raises(ValueError, match="household H: pinned_to '9999' is not a municipality"):
        ask("pin", household(pinned_to="9999"), TOWNS)
