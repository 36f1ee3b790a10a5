"""Hospitals within reach: named or any, supplied times or estimates, own limits or the policy's."""

import pytest

from matcher.domain import Answer, TravelTime
from matcher.domain.errors import PolicyError
from tests.policy.rules.asked import ask, household, person, town

NEAR = town("0001", latitude=60.0, longitude=10.0, hospitals=("North",))
MIDDLE = town("0002", latitude=60.5, longitude=10.0)
FAR = town("0003", latitude=63.0, longitude=10.0, hospitals=("South",))
NOWHERE = town("0004")
TOWNS = [NEAR, MIDDLE, FAR, NOWHERE]
"""From the middle: half a degree of latitude is 55.6 km, by road 77.8 km, 75 minutes."""


def patient(**facts):
    return person(hospital=Answer.YES, **facts)


def test_any_hospital_within_the_policys_limit():
    """Estimated from coordinates; no coordinates, no hospital within reach."""
    asked = ask("hospital", household(patient()), TOWNS, minutes=90)
    assert asked.all("allowed") == [[True, True, True, False]]
    shorter = ask("hospital", household(patient()), TOWNS, minutes=74)
    assert shorter.all("allowed") == [[True, False, True, False]]
    exactly = ask("hospital", household(patient()), TOWNS, minutes=75)
    assert exactly.all("allowed") == [[True, True, True, False]]


def test_own_limit_replaces_the_policys():
    """Longer or shorter."""
    queue = [
        household(patient(hospital_minutes=10), id="A"),
        household(patient(hospital_minutes=1000, hospital_name="North"), id="B"),
    ]
    allowed = ask("hospital", queue, TOWNS).all("allowed")
    assert allowed == [[True, False, True, False], [True, True, True, False]]


def test_named_hospital_must_be_that_one():
    """Another hospital next door does not help; one that lies nowhere is out of reach."""
    queue = [
        household(patient(hospital_name="North"), id="A"),
        household(patient(hospital_name="Atlantis"), id="B"),
    ]
    allowed = ask("hospital", queue, TOWNS).all("allowed")
    assert allowed == [[True, True, False, False], [False] * 4]


def test_a_hospital_in_the_municipality_is_there_without_coordinates():
    """Named or nearest; its way to others is still not known, and the nearest of two counts."""
    here = town("0005", hospitals=("North", "Here"))
    queue = [
        household(patient(), id="A"),
        household(patient(hospital_name="Here", hospital_minutes=1), id="B"),
        household(patient(hospital_name="North"), id="C"),
    ]
    asked = ask("hospital", queue, [*TOWNS, here])
    assert asked.all("allowed") == [
        [True, True, True, False, True],
        [False, False, False, False, True],
        [True, True, False, False, True],
    ]
    assert asked.tables[1].nearest_hospital_minutes[4] == 0


def test_supplied_travel_times_replace_estimates():
    """A mountain in between, or a tunnel through it."""
    travel = (TravelTime("0002", "North", 200), TravelTime("0004", "South", 5))
    asked = ask("hospital", household(patient()), TOWNS, travel=travel)
    assert asked.all("allowed") == [[True, False, True, True]]


def test_every_patient_of_linked_households_must_reach_theirs():
    """One needs the one hospital, one the other."""
    queue = [
        household(patient(hospital_name="North"), id="A"),
        household(patient(hospital_name="South"), id="B"),
    ]
    asked = ask("hospital", queue, TOWNS, links=(("A", "B"),))
    assert asked.all("allowed") == [[False] * 4]


def test_unknown_need_is_allowed_and_marked_where_it_would_be_far():
    """By the policy's limit to the nearest."""
    asked = ask("hospital", household(), TOWNS, minutes=74)
    assert asked.all("allowed") == [[True] * 4]
    assert asked.all("uncertain") == [[False, True, False, True]]
    no = ask("hospital", household(person(hospital=Answer.NO)), TOWNS, minutes=74)
    assert no.all("uncertain") == [[False] * 4]


def test_reason_names_the_hospital_and_the_minutes():
    """An estimate is called one; a supplied time is not."""
    queue = household(patient())
    facts = {"municipality": "Town 0002", "hospital": "North", "minutes": 75, "limit": 60}
    assert ask("hospital", queue, TOWNS, minutes=60).told(0, 1) == ("hospital.far_estimated", facts)
    travel = (TravelTime("0002", "North", 200),)
    facts |= {"minutes": 200}
    asked = ask("hospital", queue, TOWNS, travel=travel, minutes=60)
    assert asked.told(0, 1) == ("hospital.far", facts)


def test_reason_where_nothing_is_known_of_the_way():
    """No coordinates, or a hospital that lies nowhere."""
    facts = {"municipality": "Town 0004"}
    assert ask("hospital", household(patient()), TOWNS).told(0, 3) == (
        "hospital.no_travel_time",
        facts,
    )
    lost = ask("hospital", household(patient(hospital_name="Atlantis")), TOWNS)
    assert lost.told(0, 0) == ("hospital.no_travel_time", {"municipality": "Town 0001"})
    assert ask("hospital", household(), TOWNS).told(0, 3, "caution") == ("hospital.unknown", facts)


def test_reason_is_about_the_member_who_is_furthest_beyond():
    """Two patients, one of whom is well within reach."""
    members = (patient(id="1"), patient(id="2", hospital_name="South"))
    code, facts = ask("hospital", household(*members), TOWNS).told(0, 0)
    assert (code, facts["hospital"]) == ("hospital.far_estimated", "South")


def test_a_country_without_hospitals():
    """No one in follow-up can be placed; the reason still speaks."""
    asked = ask("hospital", household(patient()), [NOWHERE, MIDDLE])
    assert asked.all("allowed") == [[False, False]]
    assert asked.told()[0] == "hospital.no_travel_time"


@pytest.mark.parametrize("minutes", [0, -5])
def test_limit_must_be_above_nothing(minutes):
    """The message names the rule and the value."""
    with pytest.raises(PolicyError, match=f"rules.hospital.*minutes is {minutes}"):
        ask("hospital", household(), TOWNS, minutes=minutes)
