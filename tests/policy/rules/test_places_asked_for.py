"""What a municipality is asked to give some is not given to others before it has answered."""

import numpy as np
import pytest

from matcher.domain import Placement, Plan
from matcher.domain.errors import PolicyError
from matcher.policy.policy import Policy
from matcher.problem.problem import Problem
from matcher.problem.score import score
from tests.ledgers import known
from tests.policy.rules.asked import ask, household, person, town
from tests.ranking.cases import adults, night

FIVE = town("0001", ledger=known(decided=5))
OTHER = town("0002", ledger=known(decided=5))
YEAR = Policy("year").with_rule("places_this_year").with_term("places_first")


def asked(queue, *placements, towns=(FIVE, OTHER), **given):
    """The rule alone, with open proposals."""
    earlier = Plan(tuple(Placement(*p) for p in placements))
    return ask("places_asked_for", queue, towns, earlier=earlier, **given)


def broken(problem, *rows):
    """The budgets that a plan breaks, by the row of the municipality."""
    return {(b.rule, b.group) for b in score(problem.program, np.array(rows)).broken_rules}


def test_who_is_proposed_fits_and_others_have_the_rest():
    """Three of five places are asked for: another two persons fit, another three do not."""
    queue = [adults("A", 3), adults("B", 2), adults("C", 3)]
    got = asked(queue, ("A", "0001"))
    assert got.all("fits") == [[True, True], [True, True], [False, True]]
    facts = {"municipality": "Town 0001", "places": 5, "asked": 3, "size": 3}
    assert got.told(2, 0) == (
        "places_asked_for.short",
        {**facts, "minor_places": 20 - 20, "minors_asked": 0},
    )


def test_nothing_is_asked_and_nothing_is_limited():
    """Without open proposals there is no layer at all."""
    got = asked([adults("A", 9)])
    assert got.shape.use(*got.tables).shape == (1, 0)
    assert got.all("fits") == [[True, True]]


def test_a_place_stays_asked_for_when_the_plan_moves_the_household():
    """Until the proposal is taken back, nobody else can have it."""
    queue = [adults("A", 3), adults("B", 3)]
    plan = night(queue, [FIVE, OTHER], [("A", "0001")])
    problem = Problem.of(plan, YEAR.with_rule("places_asked_for"))
    assert broken(problem, 0, 1) == set()
    assert broken(problem, 1, 0) == {("places_asked_for", 0)}
    assert broken(Problem.of(plan, YEAR), 1, 0) == set()


def test_two_who_are_proposed_to_each_others_places_cannot_change():
    """Both places are asked for, also for those who are proposed elsewhere."""
    queue = [adults("A", 3), adults("B", 3)]
    plan = night(queue, [FIVE, OTHER], [("A", "0001"), ("B", "0002")])
    problem = Problem.of(plan, YEAR.with_rule("places_asked_for"))
    assert broken(problem, 0, 1) == set()
    assert broken(problem, 1, 0) == {("places_asked_for", 0), ("places_asked_for", 1)}


def test_seven_are_asked_of_five_places():
    """None is left for others; five of the seven can be planned there, or elsewhere."""
    queue = [adults("A", 4), adults("B", 3), adults("C", 1)]
    plan = night(queue, [FIVE, OTHER], [("A", "0001"), ("B", "0001")])
    problem = Problem.of(plan, YEAR.with_rule("places_asked_for"))
    assert broken(problem, 0, 1, 1) == set()
    assert broken(problem, 0, 1, 0) == {("places_asked_for", 0)}
    assert broken(problem, 0, 0, 1) == {("places_this_year", 0)}


@pytest.mark.parametrize(("share", "places"), [(1.0, 5), (1.1, 5), (1.2, 6), (1.4, 7)])
def test_a_policy_may_want_more_asked_for_than_there_is(share, places):
    """A share of the places, in whole persons."""
    got = asked([adults("A", 3)], ("A", "0001"), share=share)
    assert got.shape.may_be_asked(*got.tables).tolist() == [places, places]
    assert got.shape.limit(*got.tables).tolist()[0] == [places - 3]


def test_a_share_below_one_would_leave_places_that_nobody_may_be_asked_for():
    """Refused, with the number."""
    with pytest.raises(PolicyError, match=r"share is 0.9; give a number of 1 or more"):
        asked(household(), share=0.9)


def test_the_least_of_the_places_of_a_policy_counts():
    """What can be received now, where the policy has that rule too."""
    now = town("0001", ledger=known(decided=9, receive_now=4))
    queue = [adults("A", 3), adults("B", 2)]
    plan = night(queue, [now], [("A", "0001")])
    both = YEAR.with_rule("places_now").with_rule("places_asked_for")
    problem = Problem.of(plan, both)
    assert problem.program.fits.tolist() == [[True], [False]]
    year = Problem.of(plan, YEAR.with_rule("places_asked_for"))
    assert year.program.fits.tolist() == [[True], [True]]


def test_places_for_minors_are_asked_for_as_well():
    """A minor with an adult in the unit asks for none of them."""
    place = town("0001", ledger=known(decided=9, minors_decided=1))
    lone = [household(person(id=n, age=15, unaccompanied=True), id=n) for n in "AB"]
    got = asked(lone, ("A", "0001"), towns=(place,))
    assert got.all("fits") == [[True], [False]]
    assert got.told(1, 0)[0] == "places_asked_for.minors"
    family = [*lone, adults("C")]
    got = asked(family, ("A", "0001"), towns=(place,), links=(("A", "C"),))
    assert got.all("fits") == [[True], [True]]


def test_of_linked_households_those_who_are_proposed_have_their_places():
    """Only the ones who came later need more."""
    queue = [adults("A", 3), adults("B", 2)]
    got = asked(queue, ("A", "0001"), links=(("A", "B"),))
    assert got.all("fits") == [[True, True]]
    assert got.shape.use(*got.tables).tolist() == [[2]]
    larger = [adults("A", 3), adults("B", 3)]
    got = asked(larger, ("A", "0001"), links=(("A", "B"),))
    assert got.all("fits") == [[False, True]]


def test_prices_of_a_queue_hold_for_municipalities_in_another_order():
    """A unit uses nothing of the layer of the municipality that it is proposed to."""
    queue = [adults("A", 3), adults("B", 2)]
    first = Problem.of(night(queue, [OTHER, FIVE], [("A", "0001")]), YEAR)
    now = Problem.of(night(queue, [FIVE, OTHER], [("B", "0001")]), YEAR)
    rule = asked(queue).shape
    used = rule.use_in_queue(now.households, now.municipalities, first.tables)
    assert used.tolist() == [[3], [0]]
