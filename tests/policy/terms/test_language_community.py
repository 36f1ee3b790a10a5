"""A community of one's language, when a policy switches it on."""

from matcher import Policy
from matcher.policy.policy import list_policy_names
from tests.policy.terms.effects_asked import asked, fits, grown, household, person, place

TOWNS = (
    place("0001", communities=(("ar", 10), ("so", 25))),
    place("0002", communities=(("ar", 500),)),
    place("0003"),
)


def test_more_speakers_are_better_up_to_enough():
    """Ten of fifty; the most common language of the household counts."""
    assert fits("language_community", grown(languages=("ar",)), *TOWNS) == [0.2, 1, 0]
    both = household(person(languages=("ar",)), person(id="2", languages=("so", "ti")))
    assert fits("language_community", both, *TOWNS) == [0.5, 1, 0]
    assert fits("language_community", grown(), *TOWNS) == [0, 0, 0]


def test_no_policy_of_the_project_switches_it_on():
    """Language does not decide where anyone lives unless someone decides that it shall."""
    for name in list_policy_names():
        assert "language_community" not in Policy.named(name).terms


def test_the_reason_names_the_speakers():
    """In numbers."""
    code, facts = asked("language_community", grown(languages=("so",)), *TOWNS).told()
    assert (code, facts["persons"]) == ("language_community.speakers", 25)
