"""What a place is worth to the rest, on cases worked by hand."""

import numpy as np
import pytest

from matcher import StopCriteria, solve
from matcher.domain import Ban, BanReason
from matcher.problem.program import STEPS_PER_POINT, sum_use
from matcher.ranking.price_list import charge_by_municipality
from matcher.solve import price_places
from matcher.solve.priced.relaxation import solve_relaxation
from tests.ledgers import known
from tests.ranking.cases import PLAIN, adults, chosen, made, place, random_case


def of_places(problem, prices):
    """Price of a place this year, one a municipality; nothing where none can run out."""
    part = [r.id for r in problem.program.resources].index("places_this_year")
    return prices.resources[part].sum(axis=1).tolist()


def two(days, places=10, **facts):
    """Two alike single persons; one place at once, others so many days later."""
    towns = [place("0001", 1), place("0002", places, days)]
    return made([adults("H"), adults("I")], towns, **facts)


@pytest.mark.parametrize("days", [1, 10, 365])
def test_the_price_of_one_scarce_place_is_the_difference_it_makes(days):
    """One of two alike waits so many days; one more place at once saves them, a point each."""
    problem = two(days)
    prices = price_places(problem, chosen(0, 1))
    assert of_places(problem, prices) == pytest.approx([days, 0])
    better = made([adults("H"), adults("I")], [place("0001", 2), place("0002", 10, days)])
    gained = solve(better).score.points - solve(problem).score.points
    assert gained == days


def test_the_price_lies_between_what_one_more_gains_and_one_less_loses():
    """H has 0 or -10 there, I 5 or -10: one more place gains H's 10, one less loses I's 15."""
    problem = two(10, earlier=[("I", "0001")])
    (here, there) = of_places(problem, price_places(problem, chosen(1, 0)))
    assert 10 - 1e-6 <= here <= 15 + 1e-6
    assert there == 0


def test_nothing_has_a_price_where_there_is_room_for_all():
    """Three places for two: no price, and nothing is charged."""
    towns = [place("0001", 3), place("0002", 10, 10)]
    problem = made([adults("H"), adults("I")], towns)
    prices = price_places(problem, chosen(0, 0))
    assert not any(p.any() for p in prices.resources)
    assert prices.placed == 0
    assert prices.charge(problem.program, np.array([0, 1])).tolist() == [[0, 0], [0, 0]]


def test_a_household_pays_for_each_place_it_uses():
    """At 10 a place, a couple is charged 20 there and nothing elsewhere."""
    towns = [place("0001", 2), place("0002", 20, 10)]
    problem = made([adults("H", 2), adults("I"), adults("J"), adults("K")], towns)
    prices = price_places(problem, chosen(1, 0, 0, 1))
    assert of_places(problem, prices) == pytest.approx([10, 0])
    program = problem.program
    charged = sum(
        charge_by_municipality(r.use[:1], r.group, p)[0]
        for r, p in zip(program.resources, prices.resources, strict=True)
    )
    assert charged == pytest.approx([20, 0])
    assert prices.charge(program, np.array([0, 1])) == pytest.approx(np.array([[20, 0], [10, 0]]))


def test_dispersion_costs_where_a_municipality_is_ahead_and_gains_where_it_is_behind():
    """Eight of ten used there, none here: past the slack each person counts 60 points.

    One of the three may only come there, so neither has all or nothing of the queue.
    """
    there = place("0001", 0, ledger=known(decided=10, settled=8))
    bound = adults("J", bans=(Ban("0002", BanReason.CASEWORKER),))
    policy = PLAIN.with_term("plan_adherence", stayers_per_person=0.03, steep=2.0)
    problem = made([adults("H"), adults("I"), bound], [there, place("0002", 10)], policy)
    prices = price_places(problem, chosen(1, 1, 0))
    assert prices.spreads[0].ravel() == pytest.approx([60, -60])
    assert prices.charge(problem.program, np.array([0]))[0] == pytest.approx([60, -60])


def test_too_few_places_in_all_give_placing_itself_a_worth():
    """One place for two, where it costs 30 days: placing anyone is held though it costs points."""
    problem = made([adults("H"), adults("I")], [place("0001", 1, 30)])
    prices = price_places(problem, chosen(0, None))
    assert prices.placed * problem.program.weight[0] == pytest.approx(
        30 + of_places(problem, prices)[0]
    )


@pytest.mark.parametrize("seed", range(12))
def test_price_times_slack_is_zero(seed):
    """Where the plan proves the relaxation tight, what is not used up costs nothing."""
    problem, _ = random_case(seed)
    program = problem.program
    best = solve(problem, backend="highs", stop=StopCriteria(60, 0))
    prices = price_places(problem, best.choice)
    for r, p in zip(program.resources, prices.resources, strict=True):
        assert (p >= 0).all()
        if tight(problem, best, prices):
            slack = r.limit - sum_use(r, best.choice, len(r.limit))
            assert (np.minimum(slack, p) < 1e-6).all(), r.id


def test_the_queues_above_have_scarce_places_and_tight_relaxations():
    """Otherwise nothing would be held by them."""
    scarce = 0
    for seed in range(12):
        problem, _ = random_case(seed)
        best = solve(problem, backend="highs", stop=StopCriteria(60, 0))
        prices = price_places(problem, best.choice)
        has_price = any((p > 1e-6).any() for p in prices.resources)
        scarce += has_price and tight(problem, best, prices)
    assert scarce


def tight(problem, best, prices):
    """Whether the relaxation has the value of the plan, to a hundredth of a point."""
    return (
        solve_relaxation(problem.program, best.choice).bound
        <= best.score.value + STEPS_PER_POINT / 100
    )
