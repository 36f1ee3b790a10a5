"""How many can come to a municipality, and how many a plan leaves."""

from matcher.domain import Ledger
from matcher.problem.plan_usage import remaining_places
from tests.ranking.cases import PLAIN, adults, chosen, made, place


def towns():
    """Open this year and at present: 5 and 3, 2 and 9, 4 and not said."""
    return [
        place("0001", 0, ledger=Ledger(decided=7, settled=1, promised=1, receive_now=3)),
        place("0002", 0, ledger=Ledger(decided=2, receive_now=9)),
        place("0003", 4),
    ]


def test_open_places_are_the_least_of_the_year_and_the_present():
    """3 of 5 and 3, 2 of 2 and 9, 4 where nothing is said of the present."""
    assert made([adults("H")], towns()).open_places.tolist() == [3, 2, 4]


def test_a_rule_left_out_no_longer_limits():
    """Without the present, the year; without the year, the present."""
    problem = made([adults("H")], towns())
    assert problem.open_places_without("places_now").tolist() == [5, 2, 4]
    assert problem.open_places_without("places_this_year").tolist() == [3, 9, 4]


def test_where_no_rule_limits_the_ledger_tells_the_open_places():
    """A policy without rules on places, and one whose only such rule has no limit there."""
    for off in (("places_this_year", "places_now"), ("places_this_year",)):
        problem = made([adults("H")], [place("0003", 4)], PLAIN.without(*off))
        assert problem.open_places.tolist() == [4]


def test_left_places_are_open_places_minus_the_persons_placed():
    """Two of three placed leave one; a plan that takes more than there is leaves none."""
    problem = made([adults("A", 2), adults("B", 3), adults("C", 1)], towns())
    assert remaining_places(problem, chosen(0, 1, None)).tolist() == [1, 0, 4]
