"""Step-free dwellings: who needs one comes where there are such."""

import pytest

from matcher.domain import Answer, Dwelling
from tests.policy.rules import service_checks
from tests.policy.rules.asked import ask, household, person, town

RULE = "step_free"


def test_known_needs_demand_a_service_known_to_be_at_hand():
    """All nine combinations of need and service."""
    service_checks.check_table(RULE)


def test_reasons_tell_missing_from_not_known():
    """Refusal and caution, rendered in both languages."""
    service_checks.check_reasons(RULE)


def test_linked_households_unite_their_needs():
    """Yes wins, then unknown, then no."""
    service_checks.check_links(RULE)


def test_one_members_need_is_the_households():
    """A need of one member of two."""
    service_checks.check_members(RULE)


@pytest.mark.parametrize(
    ("homes", "reports", "marked"),
    [
        ((), Answer.YES, True),
        ((Dwelling("D", 2, Answer.YES),), Answer.YES, False),
        ((Dwelling("D", 1, Answer.YES), Dwelling("E", 5, Answer.NO)), Answer.YES, True),
        ((Dwelling("D", 5),), Answer.YES, True),
        ((), Answer.UNKNOWN, False),
    ],
)
def test_an_unknown_need_is_marked_where_no_free_home_would_meet_it(homes, reports, marked):
    """Step-free homes at hand in general do not help when those that are free have steps."""
    place = town(step_free=Answer.YES, reports_dwellings=reports, dwellings=homes)
    unit = household(person(id="1"), person(id="2"))
    asked = ask(RULE, unit, place)
    assert (asked.one("allowed"), asked.one("uncertain")) == (True, marked)
    if marked:
        assert asked.told(method="caution")[0] == "step_free.no_free_home"
    known = household(person(id="1", step_free=Answer.NO), person(id="2", step_free=Answer.NO))
    assert not ask(RULE, known, place).one("uncertain")
