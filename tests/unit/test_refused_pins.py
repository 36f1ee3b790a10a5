"""A pin that a rule refuses is found, with the reason, before a plan is made."""

import pytest

from matcher.domain import Answer, Instance
from matcher.jobs.night.check_data import find_pin_faults
from matcher.problem.problem import Problem
from matcher.problem.refused_pins import find_refused_pins
from tests.policy.rules.asked import TODAY, household, person, town

SERVED = town("0301", lar=Answer.YES, crisis_setup=Answer.YES)
UNSERVED = town("7043", lar=Answer.NO, crisis_setup=Answer.NO)
UNKNOWN = town("4601")


def problem(*households, links=()) -> Problem:
    """A queue in three municipalities, under the default policy."""
    return Problem.of(Instance(TODAY, households, (SERVED, UNSERVED, UNKNOWN), links=links))


@pytest.mark.parametrize(("number", "refused"), [("0301", False), ("7043", True), ("4601", True)])
def test_a_pin_where_a_need_is_not_met_is_refused_by_its_rule(number, refused):
    """Also where it is not known whether the municipality has the service."""
    pinned = household(person(lar=Answer.YES), pinned_to=number)
    faults = [pin.fault() for pin in find_refused_pins(problem(household(id="B"), pinned))]
    expected = [("pinned_to.refused", "warning", number)] if refused else []
    assert [(f.code, f.severity, f.value) for f in faults] == expected
    for fault in faults:
        english, norwegian = fault.message("en"), fault.message("nb")
        assert "LAR" in english and "LAR" in norwegian and english != norwegian
        assert "{" not in english + norwegian


def test_a_pin_against_a_rule_that_protects_is_an_error():
    """A household that needs a crisis set-up is not pinned away from one."""
    pinned = household(pinned_to="7043", crisis_setup=Answer.YES)
    (refused,) = find_refused_pins(problem(pinned))
    assert (refused.fault().code, refused.fault().severity) == ("pinned_to.protected", "error")


def test_needs_of_linked_households_count_for_the_pin_of_one():
    """The night's check lists each of them."""
    pinned = household(person(id="A"), id="A", pinned_to="7043")
    linked = household(person(id="B", lar=Answer.YES), id="B")
    faults = find_pin_faults(problem(pinned, linked, links=(("A", "B"),)))
    assert [(f["household"], f["code"]) for f in faults] == [
        ("A", "pinned_to.refused"),
        ("B", "pinned_to.refused"),
    ]


def test_where_nobody_is_pinned_nothing_is_refused():
    """Whatever is needed."""
    assert list(find_refused_pins(problem(household(person(lar=Answer.YES))))) == []
