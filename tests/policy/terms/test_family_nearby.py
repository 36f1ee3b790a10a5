"""Close family in the municipality or within reach."""

from matcher.domain import FamilyTie
from tests.policy.terms.effects_asked import asked, fits, household, north_of, place

TOWNS = (place("0001"), north_of(30), north_of(60, "0003"), north_of(300, "0004"))


def tied(*numbers: str):
    return household(family=tuple(FamilyTie(n) for n in numbers))


def test_family_here_keeps_and_family_within_reach_keeps_some():
    """1 in the place itself, half of it at half an hour, nothing from an hour."""
    assert fits("family_nearby", tied("0001"), *TOWNS) == [1, 0.5, 0, 0]


def test_the_nearest_counts():
    """Of two."""
    assert fits("family_nearby", tied("0001", "0004"), *TOWNS) == [1, 0.5, 0, 1]
    assert fits("family_nearby", household(), *TOWNS) == [0] * 4


def test_unknown_ways_say_nothing_but_the_place_itself_is_known():
    """Without coordinates."""
    lost = place("0005", latitude=None)
    assert fits("family_nearby", tied("0005"), *TOWNS, lost) == [0, 0, 0, 0, 1]


def test_the_reason_names_where_and_how_far():
    """Here, or somewhere near."""
    one = asked("family_nearby", tied("0001"), *TOWNS)
    assert one.told()[0] == "family_nearby.here"
    code, facts = one.told(0, 1)
    assert (code, facts["family"], facts["minutes"]) == ("family_nearby.near", "Town 0001", 30)
