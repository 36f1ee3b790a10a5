"""Children who will soon need upper secondary school."""

import pytest

from matcher.domain import Answer
from tests.policy.terms.effects_asked import asked, fits, household, person, place

SCHOOL = place("0001", upper_secondary=Answer.YES)
NONE = place("0002", upper_secondary=Answer.NO)
UNKNOWN = place("0003", upper_secondary=Answer.UNKNOWN)


@pytest.mark.parametrize(("age", "fit"), [(11, 0), (12, -1), (15, -1), (16, 0), (None, 0)])
def test_twelve_to_fifteen_are_concerned_where_the_school_is_missing(age, fit):
    """Four years ahead; an unknown age and an unknown school say nothing."""
    family = household(person(), person(id="C", age=age))
    assert fits("school_soon", family, SCHOOL, NONE, UNKNOWN) == [0, fit, 0]


def test_the_policy_says_how_far_ahead():
    """Two years: from fourteen."""
    families = [household(person(age=age)) for age in (13, 14)]
    assert [fits("school_soon", f, NONE, years_ahead=2) for f in families] == [[0], [-1]]


def test_the_reason_names_the_place_and_what_it_takes_away():
    """A hundredth with its sign."""
    told = asked("school_soon", household(person(age=13)), NONE, size=0.5, low=0, high=1).told()
    assert told[0] == "school_soon.missing"
    assert told[1] == {"municipality": "Town 0002", "years": 4, "effect": pytest.approx(-0.105)}
