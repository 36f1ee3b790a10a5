"""Immigrant share above a threshold; off by default."""

import pytest

from matcher.policy.policy import Policy
from tests.policy.rules.asked import ask, household, person, town

PAIR = household(person(id="1"), person(id="2"))
TOWNS = [town(f"000{k}", immigrant_share=s) for k, s in enumerate((None, 10.0, 25.0, 25.1))]


def test_each_person_costs_only_where_the_share_is_above():
    """Not at the threshold, and not where nothing is known."""
    asked = ask("immigrant_share", PAIR, TOWNS, per_cent=25, stayers_per_person=0.05)
    assert asked.all("points") == [pytest.approx([0, 0, 0, -100])]


def test_reason_names_share_and_threshold():
    """Or that the share is not known."""
    asked = ask("immigrant_share", PAIR, TOWNS)
    assert asked.told(0, 3) == ("immigrant_share.share", {"share": 25.1, "limit": 25.0})
    assert asked.told(0, 0) == ("immigrant_share.unknown", {})


@pytest.mark.parametrize("term", ["immigrant_share", "concentration", "alone_in_language"])
@pytest.mark.parametrize("policy", ["default", "stay-first", "speed-first"])
def test_community_terms_are_off_in_every_policy_that_comes_along(term, policy):
    """Language and immigrant share decide nothing unless someone switches it on."""
    assert term not in Policy.named(policy).terms
