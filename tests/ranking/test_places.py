"""How many can come to a municipality, and how many a plan leaves."""

from datetime import date

import numpy as np

from matcher.problem.plan_usage import PlanUsage, remaining_places
from matcher.problem.problem import Problem
from tests.ledgers import known
from tests.ranking.cases import PLAIN, adults, chosen, made, night, place


def towns():
    """Open this year and at present: 5 and 3, 2 and 9, 4 and not said."""
    return [
        place("0001", 0, ledger=known(decided=7, settled=1, promised=1, receive_now=3)),
        place("0002", 0, ledger=known(decided=2, receive_now=9)),
        place("0003", 4),
    ]


def test_open_places_are_the_least_of_the_year_and_the_present():
    """3 of 5 and 3, 2 of 2 and 9, 4 where nothing is said of the present."""
    assert made([adults("H")], towns()).open_places.tolist() == [3, 2, 4]


def test_a_rule_left_out_no_longer_limits():
    """Without the present, the year; without the year, the present, which is six unless said."""
    problem = made([adults("H")], towns())
    assert problem.open_places_without("places_now").tolist() == [5, 2, 4]
    assert problem.open_places_without("places_this_year").tolist() == [3, 9, 6]


def test_where_no_rule_limits_the_ledger_tells_the_open_places():
    """A policy without rules on places."""
    policy = PLAIN.without("places_this_year", "places_now")
    assert made([adults("H")], [place("0003", 4)], policy).open_places.tolist() == [4]


def test_left_places_are_open_places_minus_the_persons_placed():
    """Two of three placed leave one; a plan that takes more than there is leaves none."""
    problem = made([adults("A", 2), adults("B", 3), adults("C", 1)], towns())
    assert remaining_places(problem, chosen(0, 1, None), 2).tolist() == [1, 0, 4]


def test_who_moves_next_year_is_shown_the_places_of_next_year():
    """One place left of the old decision and five of the new; each plan takes of its own."""
    town = place("0001", 10, ledger=known(decided=1, receive_now=9), next_ledger=known(decided=5))
    january = date(2025, 1, 15)
    queue = [adults("A"), adults("B", 2, earliest_move=january), adults("C", earliest_move=january)]
    problem = Problem.of(night(queue, [town]).replace(today=date(2024, 12, 1)), PLAIN)
    assert problem.open_places_of(np.arange(3)).tolist() == [[1], [5], [5]]
    usage = PlanUsage(problem, chosen(0, 0, None))
    assert usage.places_without(np.arange(3)).tolist() == [[1], [5], [3]]
    assert remaining_places(problem, chosen(0, 0, None), 0).tolist() == [0]
    assert remaining_places(problem, chosen(0, 0, None), 2).tolist() == [3]
