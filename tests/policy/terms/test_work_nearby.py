"""Occupations against jobs."""

from tests.policy.terms.effects_asked import asked, fits, grown, household, person, place

TOWNS = (
    place("0001", jobs=(("5", 1.5), ("7", 0.4))),
    place("0002", jobs=(("5", 3.0),)),
    place("0003"),
)


def test_more_jobs_than_the_average_are_good_and_fewer_bad():
    """At most as good as twice as many; nothing where it is not known."""
    assert fits("work_nearby", grown(occupation="5"), *TOWNS) == [0.5, 1, 0]
    assert fits("work_nearby", grown(occupation="7"), *TOWNS) == [-0.6, 0, 0]
    assert fits("work_nearby", grown(), *TOWNS) == [0, 0, 0]


def test_members_with_a_known_occupation_count_the_same():
    """The mean of 0.5 and -0.6, whoever else there is."""
    pair = household(person(occupation="5"), person(id="2", occupation="7"), person(id="3", age=4))
    assert fits("work_nearby", pair, *TOWNS) == [-0.05, 0.5, 0]


def test_the_reason_names_the_share_of_the_average():
    """In per cent, by the same mean."""
    code, facts = asked("work_nearby", grown(occupation="7"), *TOWNS).told()
    assert (code, facts["percent"]) == ("work_nearby.jobs", 40)
