"""Being the only one of one's language; off by default."""

import pytest

from tests.policy.rules.asked import ask, household, person, town

TOWNS = [town("0001", communities=(("ar", 5), ("ti", 4))), town("0002")]


def test_members_without_a_community_cost():
    """Five persons are a community, four are none; who has two languages needs one of them."""
    members = (
        person(id="1", languages=("ar",)),
        person(id="2", languages=("ti",)),
        person(id="3", languages=("ti", "ar")),
        person(id="4"),
    )
    asked = ask("alone_in_language", household(*members), TOWNS, persons=5, stayers_per_person=0.03)
    assert asked.all("points") == [pytest.approx([-30, -90])]


def test_reason_names_the_largest_community():
    """Of the languages of the household."""
    asked = ask("alone_in_language", household(person(languages=("ti",))), TOWNS)
    assert asked.told() == ("alone_in_language.community", {"persons": 4})
    assert asked.told(0, 1) == ("alone_in_language.community", {"persons": 0})
