"""Level 1: weighted persons."""

from datetime import timedelta

import pytest

from matcher.domain.errors import PolicyError
from tests.policy.rules.asked import TODAY, ask, household, person, town

WEIGHTS = {"per_week_overdue": 0.05, "most_weeks": 40, "child": 0.25, "minor": 0.5}


def weight(*members, overdue=None, **given):
    deadline = None if overdue is None else TODAY - timedelta(days=overdue)
    queue = household(*members, deadline=deadline)
    return ask("places_first", queue, town(), **(WEIGHTS | given)).one("points")


@pytest.mark.parametrize(
    ("overdue", "expected"),
    [(None, 1), (-30, 1), (0, 1), (6, 1), (7, 1.05), (13, 1.05), (140, 2), (280, 3), (9999, 3)],
)
def test_weeks_past_the_deadline_weigh_up_to_the_most(overdue, expected):
    """Full weeks only; 20 weeks weigh as much as one more person; 40 at the most."""
    assert weight(overdue=overdue) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ((person(age=30),), 1),
        ((person(age=None),), 1),
        ((person(age=17),), 1.25),
        ((person(age=18),), 1),
        ((person(age=16, unaccompanied=True),), 1.75),
        ((person(age=None, unaccompanied=True),), 1.75),
        ((person(id="1"), person(id="2", age=5), person(id="3", age=7)), 3.5),
        ((person(id="1"), person(id="2", age=16, unaccompanied=True)), 2.25),
    ],
)
def test_children_and_lone_minors_weigh_more(members, expected):
    """A quarter for a child, half for a minor on top; a minor with an adult is a child."""
    assert weight(*members) == pytest.approx(expected)


def test_every_person_of_a_household_counts_the_weeks():
    """Two persons 20 weeks past the deadline weigh four."""
    assert weight(person(id="1"), person(id="2"), overdue=140) == pytest.approx(4)


def test_linked_households_count_the_longest_delay():
    """Those who belong together wait together."""
    late = household(id="A", deadline=TODAY - timedelta(days=140))
    asked = ask("places_first", [late, household(id="B")], town(), links=(("A", "B"),), **WEIGHTS)
    assert asked.one("points") == pytest.approx(4)


def test_reason_names_persons_children_and_days():
    """The code, the facts, both languages."""
    queue = household(person(id="1"), person(id="2", age=5), deadline=TODAY - timedelta(days=9))
    facts = {"size": 2, "children": 1, "overdue": 9}
    assert ask("places_first", queue, town()).told() == ("places_first.weight", facts)


@pytest.mark.parametrize("name", WEIGHTS)
def test_no_weight_is_below_nothing(name):
    """The message names the parameter."""
    with pytest.raises(PolicyError, match=f"{name} is -1"):
        weight(**{name: -1})
