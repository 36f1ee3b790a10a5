"""Unaccompanied minors come only where there is a set-up for them."""

import pytest

from matcher.domain import Answer
from tests.policy.rules.asked import ask, household, person, town

TOWNS = [town(f"000{k}", minors_setup=a) for k, a in enumerate(Answer)]
"""Not known, no, yes."""
LONE = person(id="1", age=16, unaccompanied=True)


@pytest.mark.parametrize("age", [0, 16, 17, None])
def test_lone_minors_need_a_set_up_known_to_be_there(age):
    """Whatever is known of the age."""
    queue = household(person(age=age, unaccompanied=True))
    assert ask("minors_setup", queue, TOWNS).all("allowed") == [[False, False, True]]


def test_children_with_an_adult_come_anywhere():
    """A child in a family, and a minor linked to a household with an adult."""
    family = household(person(id="1"), person(id="2", age=8), id="A")
    lone = household(LONE, id="B")
    asked = ask("minors_setup", [family, lone], TOWNS, links=(("A", "B"),))
    assert asked.all("allowed") == [[True, True, True]]
    assert ask("minors_setup", family, TOWNS).all("allowed") == [[True, True, True]]


def test_two_minors_linked_to_each_other_still_need_it():
    """Siblings have no adult among them."""
    queue = [household(LONE, id="A"), household(LONE, id="B")]
    asked = ask("minors_setup", queue, TOWNS, links=(("A", "B"),))
    assert asked.all("allowed") == [[False, False, True]]


def test_reason_tells_no_from_not_known():
    """Both codes, both languages."""
    asked = ask("minors_setup", household(LONE), TOWNS)
    assert asked.told(0, 1) == ("minors_setup.missing", {"municipality": "Town 0001"})
    assert asked.told(0, 0) == ("minors_setup.not_reported", {"municipality": "Town 0000"})
