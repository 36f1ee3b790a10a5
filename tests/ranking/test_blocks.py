"""A unit's ranking does not depend on the block in which it is computed."""

import numpy as np
import pytest

from instances import Profile, generate
from matcher.problem.plan_usage import PlanUsage
from matcher.problem.problem import Problem
from matcher.ranking.price_list import PriceList
from matcher.ranking.rank import rank, rank_units
from tests.api.live.nights import facts, made_up_prices, some_plan
from tests.ranking.cases import random_case

pytestmark = pytest.mark.slow
SEEDS = range(6)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("is_priced", [False, True])
def test_a_ranking_in_a_block_is_the_ranking_alone(seed, is_priced):
    """Every number, verdict and reason is equal, to the last bit."""
    problem, choice = random_case(seed)
    prices = PriceList.of(problem, made_up_prices(problem, seed)) if is_priced else None
    usage = PlanUsage(problem, choice) if is_priced else None
    units = np.arange(len(problem.households))
    for ranking in rank_units(problem, units, prices, usage):
        household = ranking.household.split("+")[0]
        assert facts(ranking) == facts(rank(problem, household, prices, usage))
        assert len(ranking.households) == 1
        assert str(ranking.households.id[0]) == ranking.household


def test_all_municipalities_of_the_country_are_ranked_alike_in_a_block():
    """Among 357 municipalities, where sums of floats would show their order."""
    problem = Problem.of(generate(Profile.read("small"), seed=4, households=40))
    prices = PriceList.of(problem, made_up_prices(problem, 4))
    usage = PlanUsage(problem, some_plan(problem, 4))
    units = np.arange(len(problem.households))
    for ranking in rank_units(problem, units, prices, usage):
        alone = rank(problem, ranking.household.split("+")[0], prices, usage)
        assert ranking.options == alone.options
