"""Why here, why not there, and which requirement to relax, on cases worked by hand."""

import pytest

from matcher import Policy
from matcher.domain import Ban, BanReason
from matcher.ranking.explain import Requirement, explain
from matcher.solve import price_places
from tests.ledgers import known
from tests.ranking.cases import PLAIN, adults, chosen, made, place, random_case

CASEWORKER = BanReason.CASEWORKER


def requirements(problem, household, choice):
    """By rule: bars, opens, places."""
    found = explain(problem, household, choice).requirements
    return {r.rule: (r.barred_count, r.opened_count, r.opened_places) for r in found}


def valley():
    """A couple ruled out in three of five, one of them full by itself, one filled by the plan.

    Towns with open places: 0001 has 6 (ruled out), 0002 has 3 (ruled out, the plan puts two
    there), 0003 has 1 (ruled out, too few), 0004 has 1 (too few), 0005 has 4 (open).
    """
    bans = tuple(Ban(f"000{k}", CASEWORKER) for k in (1, 2, 3))
    towns = [place(f"000{k}", n) for k, n in enumerate((6, 3, 1, 1, 4), 1)]
    return made([adults("H", 2, bans=bans), adults("I", 2), adults("J")], towns)


def test_a_requirement_opens_what_it_alone_bars_and_the_plan_leaves_room_in():
    """The ban bars three: one opens with 6 - 1 = 5 places; one is filled, one too small besides.

    Places this year bar two: one is ruled out as well; the other would open, with the six that
    one that has not said can receive.
    """
    found = explain(valley(), "H", chosen(None, 1, 0))
    assert found.requirements == (
        Requirement("places_this_year", barred_count=2, opened_count=1, opened_places=6),
        Requirement("ban", barred_count=3, opened_count=1, opened_places=5),
    )
    assert (found.allowed_count, found.full_count) == (1, 0)
    assert found.planned_option is None
    assert found.better_for_household == ()


def test_the_household_itself_does_not_fill_what_it_would_leave():
    """Placed where it is now ruled out, it takes no room from itself: 3 - 0 places there."""
    problem = valley()
    assert requirements(problem, "H", chosen(1, None, 0))["ban"] == (3, 2, 5 + 3)


def test_a_budget_rule_relaxed_leaves_what_the_other_budget_has():
    """A couple, one place at present, five this year with one taken: opens one, 4 places."""
    now = place("0001", 0, ledger=known(decided=5, receive_now=1))
    problem = made([adults("H", 2), adults("I")], [now])
    assert requirements(problem, "H", chosen(None, 0)) == {"places_now": (1, 1, 4)}


def test_a_budget_rule_relaxed_does_not_open_what_the_other_budget_has_filled():
    """A couple, one place at present, three this year of which two are taken: opens none."""
    now = place("0001", 0, ledger=known(decided=3, receive_now=1))
    problem = made([adults("H", 2), adults("I"), adults("J")], [now])
    assert requirements(problem, "H", chosen(None, 0, 0)) == {"places_now": (1, 0, 0)}


def test_a_place_rule_relaxed_promises_no_more_than_can_be_received():
    """Six full municipalities that say nothing of the present: each could receive six."""
    problem = made([adults("H")], [place(f"000{k}", 0) for k in range(1, 7)])
    assert requirements(problem, "H", chosen(None)) == {"places_this_year": (6, 6, 36)}


def test_requirements_come_by_the_places_they_open():
    """Relaxing the ban gives nine places, places at present two."""
    small = place("0002", 0, ledger=known(decided=2, receive_now=0))
    bans = (Ban("0001", CASEWORKER),)
    problem = made([adults("H", bans=bans)], [place("0001", 9), small])
    rules = [r.rule for r in explain(problem, "H", chosen(None)).requirements]
    assert rules == ["ban", "places_now"]


def test_taken_counts_the_possible_that_others_fill():
    """Open to three; the plan fills two of them; the household's own place is not taken."""
    queue = [adults("H"), adults("I"), adults("J")]
    problem = made(queue, [place(f"000{k}", 1) for k in (1, 2, 3)])
    for choice in (chosen(None, 0, 1), chosen(2, 0, 1)):
        found = explain(problem, "H", choice)
        assert (found.allowed_count, found.full_count) == (3, 2)


def test_better_alone_are_the_allowed_with_more_points_best_first():
    """Placed at -7; -1 is ruled out; -2 and -4 are better alone, -7 and -9 are not."""
    days = (7, 1, 4, 2, 7, 9)
    towns = [place(f"000{k}", 9, d) for k, d in enumerate(days, 1)]
    problem = made([adults("H", bans=(Ban("0002", CASEWORKER),))], towns)
    better = explain(problem, "H", chosen(0)).better_for_household
    assert [o.municipality for o in better] == ["0004", "0003"]


def test_not_there_names_every_rule_that_bars():
    """Too few places and ruled out: both, with facts."""
    problem = valley()
    there = explain(problem, "H", chosen(4, None, None)).why_not("0003")
    assert [v.rule for v in there.broken] == ["ban", "places_this_year"]
    assert there.broken[1].reason.facts["open"] == 1
    assert there.displaced is None


def test_difference_is_part_by_part_and_adds_up():
    """From 10 days to none: 20 points for the couple; 5 lost for the earlier proposal."""
    towns = [place("0001", 2, 10), place("0002", 9)]
    problem = made([adults("H", 2), adults("I")], towns, earlier=[("H", "0001")])
    there = explain(problem, "H", chosen(0, 1)).why_not("0002")
    assert dict(there.difference) == {"speed": 20, "stability": -5}


@pytest.mark.parametrize("seed", range(9))
def test_difference_adds_up_to_the_difference_of_nets(seed):
    """With prices, for every household and municipality; from nothing when unplaced."""
    problem, choice = random_case(seed)
    prices = price_places(problem, choice)
    for name in problem.households.id:
        found = explain(problem, str(name).split("+")[0], choice, prices)
        net = 0.0 if found.planned_option is None else found.planned_option.net
        for option in found.ranking:
            there = found.why_not(option.municipality)
            assert sum(there.difference.values()) == pytest.approx(option.net - net, abs=1e-6)
            assert (there.broken == ()) == option.allowed


def displaced(problem, choice):
    """Who would make way for H in the first municipality."""
    return explain(problem, "H", choice).why_not("0001").displaced


def test_no_one_is_displaced_where_there_is_room():
    """Three places, one taken, a couple comes."""
    problem = made([adults("H", 2), adults("I")], [place("0001", 3)])
    assert displaced(problem, chosen(None, 0)) is None


def test_one_of_are_exactly_those_whose_leaving_alone_makes_room():
    """A couple, five places of which three and one and one are taken: only the three do."""
    queue = [adults("H", 2), adults("I", 3), adults("J"), adults("K"), adults("L", 2)]
    problem = made(queue, [place("0001", 5), place("0002", 9)])
    assert displaced(problem, chosen(None, 0, 0, 0, 1)).one_of == ("I",)
    assert displaced(problem, chosen(None, 0, None, None, 0)).one_of == ("I", "L")


def test_no_one_of_when_several_must_leave():
    """A family of three, three places taken by single persons."""
    queue = [adults("H", 3), adults("I"), adults("J"), adults("K")]
    problem = made(queue, [place("0001", 3)])
    assert displaced(problem, chosen(None, 0, 0, 0)).one_of == ()


def test_linked_households_make_way_together():
    """They are named as the one unit that they are."""
    queue = [adults("H", 2), adults("I"), adults("J")]
    problem = made(queue, [place("0001", 2)], links=[("I", "J")])
    assert displaced(problem, chosen(None, 0)).one_of == ("I+J",)


def test_a_policy_without_limits_displaces_no_one():
    """Everyone fits everywhere."""
    policy = Policy("endless").with_rule("ban").with_term("places_first").with_term("speed")
    problem = made([adults("H"), adults("I")], [place("0001", 0)], policy)
    assert displaced(problem, chosen(None, 0)) is None
    found = explain(problem, "H", chosen(None, 0))
    assert (found.allowed_count, found.full_count) == (1, 0)


def test_unplaced_everywhere_barred():
    """No municipality is possible, and no single requirement opens one."""
    policy = PLAIN.with_rule("refusal")
    bans = (Ban("0001", CASEWORKER), Ban("0001", BanReason.REFUSED))
    problem = made([adults("H", bans=bans)], [place("0001", 9)], policy)
    found = explain(problem, "H", chosen(None))
    assert (found.allowed_count, found.full_count) == (0, 0)
    assert {r.rule: r.opened_count for r in found.requirements} == {"ban": 0, "refusal": 0}


def test_weights_that_decided_are_those_of_whose_place_it_could_have():
    """A child weighs more than an adult; who holds a place that is barred does not count."""
    bans = (Ban("0002", CASEWORKER),)
    towns = [place("0001", 2), place("0002", 1)]
    queue = [adults("H", bans=bans), adults("I"), adults("J"), adults("K")]
    problem = made(queue, towns, PLAIN.with_term("places_first"))
    weights = explain(problem, "H", chosen(None, 0, 0, 1)).weights
    assert weights.weight == 1.0
    assert [(h.households, h.municipality, h.weight) for h in weights.holders] == [
        ("I", "0001", 1.0),
        ("J", "0001", 1.0),
    ]
    assert explain(problem, "I", chosen(None, 0, 0, 1)).weights is None
