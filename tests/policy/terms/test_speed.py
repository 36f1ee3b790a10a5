"""Waiting: person-days until both sides and a home are ready, by the policy's rate."""

from datetime import timedelta

import pytest

from matcher.domain import Answer, Dwelling, PlannedWeek
from matcher.domain.errors import PolicyError
from matcher.policy.reason_texts import render_reason
from tests.policy.rules.asked import TODAY, ask, household, person, town


def day(days):
    return None if days is None else TODAY + timedelta(days=days)


def points(queue, place, **given):
    return ask("speed", queue, place, **given).one("points")


@pytest.mark.parametrize(
    ("move", "receive", "lead", "days"),
    [
        (None, None, None, 30),
        (None, None, 0, 0),
        (None, None, 14, 14),
        (45, None, 14, 45),
        (45, 60, 14, 60),
        (-9, -9, 14, 14),
    ],
)
def test_a_grown_person_costs_a_ninetieth_stayer_a_day(move, receive, lead, days):
    """The latest of household, municipality and lead time (30 days unless it says)."""
    queue = household(earliest_move=day(move))
    place = town(earliest=day(receive), lead_days=lead)
    assert points(queue, place, person_days_per_stayer=90.0) == pytest.approx(-1000 / 90 * days)
    assert ask("speed", queue, place).told() == ("speed.days", {"days": days})


def test_the_sentence_says_that_the_day_is_the_earliest():
    """It is a lower limit, not a promise."""
    asked = ask("speed", household(), town(lead_days=14))
    reason = asked.shape.reason(*asked.tables, 0, 0)
    assert render_reason(reason, "en") == (
        "Can move in in 14 days at the earliest, if nobody else comes first."
    )
    assert render_reason(reason, "nb") == (
        "Kan tidligst flytte inn om 14 dager hvis ingen andre kommer før."
    )


@pytest.mark.parametrize(
    ("members", "persons"),
    [
        ((person(),), 1.0),
        ((person(id="1"), person(id="2", age=5)), 2.5),
        ((person(age=16, unaccompanied=True),), 2.0),
        ((person(age=None, unaccompanied=True),), 2.0),
        ((person(age=None),), 1.0),
    ],
)
def test_days_of_children_and_lone_minors_count_more(members, persons):
    """One and a half for a child, double for a lone minor whatever is known of the age."""
    got = points(household(*members), town(lead_days=9), person_days_per_stayer=9.0)
    assert got == pytest.approx(-1000 * persons)


def test_the_first_home_that_suits_sets_the_day_where_homes_are_reported():
    """Too small homes do not count; without any that suits the day is left to the others."""
    pair = household(person(id="1"), person(id="2"))
    homes = (
        Dwelling("S", 1),
        Dwelling("M", 2, available_from=day(70)),
        Dwelling("L", 5, available_from=day(50)),
    )
    reports = {"lead_days": 10, "reports_dwellings": Answer.YES}

    def days(queue, **facts):
        return ask("speed", queue, town(**{**reports, **facts})).told()[1]["days"]

    assert days(pair, dwellings=homes) == 50
    assert days(household(), dwellings=homes) == 10
    assert days(pair, dwellings=homes[:1]) == 10
    assert days(pair, dwellings=homes, reports_dwellings=Answer.UNKNOWN) == 10


def test_linked_households_move_when_the_last_of_them_can():
    """The later household, and the later of two homes."""
    queue = [household(id="A", earliest_move=day(20)), household(id="B")]
    asked = ask("speed", queue, town(lead_days=5), links=(("A", "B"),))
    assert asked.told()[1] == {"days": 20}


def test_linked_households_wait_for_the_last_of_their_homes():
    """Two couples and a home now and one in 40 days: each needs a home of its own."""
    members = person(id="1"), person(id="2")
    queue = [household(*members, id="A"), household(*members, id="B")]
    homes = (Dwelling("M", 2), Dwelling("L", 3, available_from=day(40)), Dwelling("S", 1))
    place = town(lead_days=5, reports_dwellings=Answer.YES, dwellings=homes)
    assert ask("speed", queue, place, links=(("A", "B"),)).told()[1] == {"days": 40}


@pytest.mark.parametrize(
    ("weeks", "days"),
    [
        ([(0, 2)], 5),
        ([(0, 1), (2, 2)], 14),
        ([(-1, 2), (1, 1)], 14),
        ([(1, 9)], 7),
        ([(-2, 9), (-1, 9)], 5),
    ],
)
def test_a_plan_by_weeks_sets_the_first_week_with_room_for_all(weeks, days):
    """After its last week nothing is known; a plan whose weeks have all passed says no more."""
    pair = household(person(id="1"), person(id="2"))
    plan = tuple(PlannedWeek(day(7 * week - TODAY.weekday()), persons) for week, persons in weeks)
    place = town(lead_days=5, weeks=plan)
    assert ask("speed", pair, place).told()[1] == {"days": days}


@pytest.mark.parametrize(
    ("name", "value"),
    [("person_days_per_stayer", 0), ("person_days_per_stayer", -1), ("child", -1), ("minor", -0.1)],
)
def test_impossible_rates_are_refused(name, value):
    """The message names the parameter and the value."""
    with pytest.raises(PolicyError, match=f"{name} is {value}"):
        ask("speed", household(), town(), **{name: value})
