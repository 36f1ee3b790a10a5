"""Follow-up at a hospital and the way to it."""

import pytest

from matcher.domain import Answer, TravelTime
from matcher.policy.reason_texts import render_reason
from tests.policy.terms.effects_asked import asked, fits, grown, household, north_of, person, place

HERE = place("0001", hospitals=("Big",))
SICK = grown(hospital=Answer.YES)


def test_near_keeps_and_far_sends_off():
    """1 in the town itself, 0 at an hour, -1 at two."""
    towns = (HERE, north_of(30), north_of(60, "0003"), north_of(200, "0004"))
    assert fits("hospital_nearby", SICK, *towns) == [1, 0.5, 0, -1]


def test_supplied_travel_times_count():
    """Rather than the estimate."""
    way = (TravelTime("0002", "Big", 90),)
    assert fits("hospital_nearby", SICK, HERE, north_of(30), travel=way) == [1, -0.5]


def test_a_named_hospital_counts_and_of_several_members_the_longest_way():
    """Another hospital next door is no help."""
    small = north_of(60, hospitals=("Small",))
    named = person(id="N", hospital=Answer.YES, hospital_name="Big")
    anyone = person(id="A", hospital=Answer.YES)
    assert fits("hospital_nearby", household(anyone), HERE, small) == [1, 1]
    assert fits("hospital_nearby", household(anyone, named), HERE, small) == [1, 0]


def test_it_concerns_those_known_to_be_in_follow_up_where_the_way_is_known():
    """Unknown is nothing."""
    for answer in (Answer.NO, Answer.UNKNOWN):
        assert fits("hospital_nearby", grown(hospital=answer), HERE, north_of(300)) == [0, 0]
    assert fits("hospital_nearby", SICK, place("0001"), place("0002")) == [0, 0]


def test_the_reason_says_it_in_both_languages():
    """The minutes, and what they add to the probability of each member."""
    one = asked("hospital_nearby", SICK, HERE, north_of(20), size=0.15, low=0, high=1)
    code, facts = one.told(0, 1)
    assert (code, facts["minutes"]) == ("hospital_nearby.minutes", 20)
    assert facts["effect"] == pytest.approx(0.15 * 0.21 * 2 / 3)
    reason = one.shape.reason(*one.tables, 0, 1)
    assert render_reason(reason, "en") == "Hospital follow-up, 20 minutes away: +0.02."
    assert render_reason(reason, "nb") == "Følges opp ved sykehus, 20 minutter unna: +0,02."


def test_the_reason_says_when_it_is_in_the_municipality():
    """Not as nought minutes away."""
    assert (
        asked("hospital_nearby", SICK, HERE, north_of(20)).told(0, 0)[0] == "hospital_nearby.here"
    )
