"""A price list charges any household what it would use among the layers that have prices."""

from dataclasses import replace

import numpy as np
import pytest

from matcher.domain import Answer, Dwelling
from matcher.policy.policy import Policy
from matcher.problem.prices import Prices
from matcher.problem.problem import Problem
from matcher.ranking.price_list import PriceList
from tests.policy.rules.asked import person
from tests.ranking.cases import adults, made, place

HOMES = Policy("homes").with_rule("dwellings").with_term("places_first")
REGIONS = (
    Policy("regions")
    .with_term("places_first")
    .with_term("centrality_share")
    .with_term("plan_adherence")
    .with_term("concentration")
)


def listed(problem, **by_layer):
    """Prices of 1, 10, 100 ... for the layers of the first resource of each municipality."""
    parts = tuple(
        np.broadcast_to(10.0 ** np.arange(r.limit.shape[1]), r.limit.shape).copy()
        for r in problem.resources
    )
    return PriceList.of(
        problem, Prices(parts, tuple(np.zeros(s.base.shape) for s in problem.spreads))
    )


def town_with_homes(*beds):
    """A municipality whose free homes are known."""
    homes = tuple(Dwelling(f"D{k}", b) for k, b in enumerate(beds))
    return place("0001", 9, reports_dwellings=Answer.YES, dwellings=homes)


@pytest.mark.parametrize(("size", "cost"), [(1, 0), (2, 1), (3, 1), (4, 11), (9, 11)])
def test_a_home_of_a_size_that_the_queue_did_not_need(size, cost):
    """Priced from 2 beds (1 point) and from 4 (10): five persons pay both, one pays neither."""
    queue = [adults("A", 2), adults("B", 2), adults("C", 4), adults("D", 4)]
    prices = listed(made(queue, [town_with_homes(2, 5)], HOMES))
    one = made([adults("N", size)], [town_with_homes(9)], HOMES).households
    assert prices.cost(one)["dwellings"].tolist() == [[cost]]


def test_linked_households_pay_for_a_home_each():
    """Two and four persons: from 2 beds twice (1 point each), from 4 once (10)."""
    queue = [adults("A", 2), adults("B", 2), adults("C", 4), adults("D", 4)]
    prices = listed(made(queue, [town_with_homes(2, 5)], HOMES))
    pair = made([adults("N", 2), adults("M", 4)], [town_with_homes(9)], HOMES, links=(("N", "M"),))
    assert prices.cost(pair.households)["dwellings"].tolist() == [[12]]


def region_prices(problem):
    """A spread's price is its group's number plus one; of a language 1, 10, 100 ..."""
    parts = []
    for s in problem.spreads:
        groups = np.arange(1.0, len(s.base) + 1)[:, None]
        parts.append(groups * 10.0 ** np.arange(s.base.shape[1])[None, :])
    return PriceList.of(problem, Prices((), tuple(parts)))


def dispersion(prices, problem):
    """What a lone household is charged, as whole points."""
    return {k: (-v[0]).tolist() for k, v in prices.dispersion(problem.households).items()}


def towns(*classes, **facts):
    """Municipalities of these centrality classes."""
    return [place(f"{k:04d}", 9, centrality=c, **facts) for k, c in enumerate(classes, 1)]


def test_a_region_keeps_its_price_and_a_municipality_its_own():
    """One becomes more central: it pays its new class's price; one is new, and alone: nothing."""
    before = made([adults("A")], towns(1, 2, 2, 3), REGIONS)
    prices = region_prices(before)
    now = made([adults("A")], [*towns(2, 2, 2, 3), place("0009", 9, centrality=6)], REGIONS)
    laid = prices.for_municipalities(now.municipalities)
    assert dispersion(prices, before)["centrality_share"] == [1, 2, 2, 3]
    assert dispersion(laid, now)["centrality_share"] == [2, 2, 2, 3, 0]
    assert dispersion(laid, now)["plan_adherence"] == [1, 2, 3, 4, 0]


def test_another_order_of_municipalities_changes_nothing_but_the_order():
    """Rows are found by number."""
    before = made([adults("A")], towns(1, 2, 3, 4), REGIONS)
    turned = made([adults("A")], towns(1, 2, 3, 4)[::-1], REGIONS)
    laid = region_prices(before).for_municipalities(turned.municipalities)
    assert dispersion(laid, turned)["plan_adherence"] == [4, 3, 2, 1]
    assert dispersion(laid, turned)["centrality_share"] == [4, 3, 2, 1]


def test_languages_are_found_by_their_names():
    """Arabic and Tigrinya have prices of 1 and 10; one who speaks Arabic and Somali pays 1."""

    def speaks(name, *languages):
        return replace(adults(name), members=(person(id=f"{name}1", languages=languages),))

    before = made([speaks("A", "ar"), speaks("B", "ti")], towns(1), REGIONS)
    now = made([speaks("N", "so", "ar"), speaks("M", "aa")], towns(1), REGIONS)
    laid = region_prices(before).for_municipalities(now.municipalities)
    charged = dict(laid.dispersion(now.households.take([0])))
    assert charged["concentration"].tolist() == [[-1]]


def test_the_same_problem_is_charged_as_its_prices_say():
    """Use times price, summed by hand over the program's own arrays."""
    queue = [adults("A", 2), adults("B", 3), adults("C", 1)]
    problem = Problem.of(made(queue, towns(1, 2, 2), REGIONS).instance, REGIONS)
    prices = region_prices(problem)
    for row in range(3):
        one = problem.households.take([row])
        for s, (name, charge) in zip(problem.spreads, prices.dispersion(one).items(), strict=True):
            rate = prices.terms[name].price
            expected = [-sum(s.use[row] * rate[g]) if g >= 0 else 0.0 for g in s.group]
            assert charge.tolist() == [expected]
