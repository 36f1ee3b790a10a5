"""The calendar of a plan, worked by hand: who moves in when, and why not sooner."""

import numpy as np
import pytest

from matcher.domain import Answer, Instance
from matcher.domain.tables import build_tables, earliest_days, replace_capacity
from matcher.problem.problem import Problem
from tests.unit.calendar_cases import TODAY, calendar, home, town, waiting


def test_linked_couples_wait_for_the_last_of_their_homes():
    """One home now and one on 25 May: both couples move on 25 May, not on 1 April."""
    queue = [waiting("A", 2, 50), waiting("B", 2, 40)]
    place = town(home("now", 2), home("later", 3, 52))
    assert calendar(queue, place, links=(("A", "B"),)).days.tolist() == [52]


def test_a_home_takes_one_household_and_the_longest_waiting_comes_first():
    """Who has waited shorter gets the next home that fits."""
    queue = [waiting("A", 2, 10), waiting("B", 2, 90), waiting("C", 2, 40)]
    place = town(home("one", 2, 3), home("two", 4, 20), home("three", 2, 33))
    assert calendar(queue, place).days.tolist() == [33, 3, 20]


def test_the_longest_waiting_leaves_the_only_large_home_to_whoever_needs_it():
    """An earlier day is not worth that somebody else has no home at all."""
    queue = [waiting("long", 1, 300), waiting("family", 5, 10)]
    place = town(home("large", 5), home("small", 1, 25))
    assert calendar(queue, place).days.tolist() == [25, 0]


def test_who_cannot_move_yet_does_not_keep_a_home_that_is_free_now():
    """The home that is free in time is enough; the one that is free now goes to the next."""
    queue = [waiting("later", 1, 300, move=30), waiting("now", 1, 10)]
    place = town(home("first", 1), home("second", 1, 30))
    assert calendar(queue, place).days.tolist() == [30, 0]


def test_homes_are_exchanged_with_whoever_can_wait():
    """Who cannot move before day 30 leaves the home of day 5; that of day 0 is needed at once."""
    queue = [waiting("first", 2, 400), waiting("later", 2, 300, move=30), waiting("now", 2, 10)]
    place = town(home("one", 2), home("two", 2, 5), home("three", 2, 9))
    assert calendar(queue, place).days.tolist() == [0, 30, 5]


def test_homes_that_the_rule_does_not_count_are_not_used():
    """A home after the policy's days is no home, even if it would let someone else come sooner."""
    queue = [waiting("long", 1, 300), waiting("family", 5, 10)]
    place = town(home("large", 5), home("small", 1, 25), home("much later", 5, 200))
    assert calendar(queue, place).days.tolist() == [25, 0]


def test_a_list_that_is_not_known_to_be_complete_delays_nobody():
    """Other homes may be found."""
    queue = [waiting("A", 1, 20), waiting("B", 1, 10)]
    place = town(home("one", 1, 40), reports_dwellings=Answer.UNKNOWN)
    assert calendar(queue, place).days.tolist() == [0, 0]


def test_a_week_takes_several_households_until_its_places_are_used():
    """Each comes in the first week with room for all of it; after the plan nothing is known."""
    queue = [waiting(name, 2, 100 - k) for k, name in enumerate("ABCD")]
    place = town(weeks=[(1, 4), (2, 1), (4, 2)], reports_dwellings=Answer.UNKNOWN)
    assert calendar(queue, place).days.tolist() == [5, 5, 26, 33]


def test_a_smaller_household_may_come_in_a_week_that_was_too_small_for_one_before_it():
    """Places are not left empty for the sake of the order."""
    queue = [waiting("family", 4, 100), waiting("alone", 1, 10)]
    place = town(weeks=[(1, 2), (2, 4)], reports_dwellings=Answer.UNKNOWN)
    assert calendar(queue, place).days.tolist() == [12, 5]


def test_a_home_and_a_week_are_needed_both():
    """A home that is free in week 3 and room in week 1: the unit comes when there is room again."""
    place = town(home("late", 2, 16), weeks=[(0, 2), (1, 2), (3, 2)])
    assert calendar([waiting("A", 2, 5)], place).days.tolist() == [19]


def test_without_a_home_left_the_day_is_that_of_one_who_comes_alone():
    """A plan that breaks the rule of homes has days too; the longest waiting have the homes."""
    queue = [waiting("A", 1, 10), waiting("B", 1, 90)]
    assert calendar(queue, town(home("one", 1, 8))).days.tolist() == [8, 8]


def test_a_ranking_sees_what_the_plan_uses():
    """Beside the plan the home is taken; the planned household's own day is the plan's."""
    queue = [waiting("A", 2, 10), waiting("B", 2, 90), waiting("C", 2, 400)]
    place = town(home("one", 2, 3), home("two", 4, 20), weeks=[(0, 9), (2, 2), (3, 2), (6, 9)])
    beside = calendar(queue, place, choice=[-1, 0, -1]).days_beside(np.arange(3))
    assert beside[:, 0].tolist() == [20, 3, 20]
    full = calendar(queue, place, choice=[0, 0, -1])
    assert full.days_beside(np.arange(3))[:, 0].tolist() == [20, 3, 3]


def test_the_objective_counts_too_few_days_where_homes_are_shared():
    """By the persons and days that someone waits for the home of another."""
    queue = (waiting("A", 2, 10), waiting("B", 2, 90))
    place = town(home("one", 2, 3), home("two", 4, 20))
    problem = Problem.of(Instance(TODAY, queue, (place,)))
    assert problem.uncounted_person_days(np.array([0, 0])) == 2 * 17
    assert problem.uncounted_person_days(np.array([-1, 0])) == 0


@pytest.mark.parametrize("waited", [(5, 5), (-3, 0)])
def test_who_has_waited_equally_long_comes_in_the_order_of_identifiers(waited):
    """So that the order in which a queue is written changes nothing."""
    queue = [waiting("B", 1, waited[0]), waiting("A", 1, waited[1])]
    place = town(home("one", 1), home("two", 1, 9))
    assert calendar(queue, place).days.tolist() == [9, 0]


def test_days_follow_a_list_of_homes_that_changes():
    """What was worked out for the homes before is not used for those after."""
    queue = (waiting("A", 2, 10),)
    before = Instance(TODAY, queue, (town(home("one", 2, 3)),))
    after = before.replace(municipalities=(town(home("one", 2, 21), weeks=[(4, 2)]),))
    tables = build_tables(before)
    assert earliest_days(tables.households, tables.municipalities).tolist() == [[3]]
    municipalities = replace_capacity(tables.municipalities, after)
    assert earliest_days(tables.households, municipalities).tolist() == [[26]]
