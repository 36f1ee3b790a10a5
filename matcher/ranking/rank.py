"""Rank all municipalities for one household, best first, with reasons and prices."""

from matcher.problem.plan_usage import PlanUsage
from matcher.problem.prices import Prices
from matcher.problem.problem import Problem
from matcher.problem.program import Choice
from matcher.ranking.columns import RankingColumns
from matcher.ranking.options import Ranking
from matcher.ranking.price_list import PriceList
from matcher.ranking.rule_checks import RuleChecks


def rank(
    problem: Problem,
    household: str,
    prices: Prices | PriceList | None = None,
    choice: Choice | PlanUsage | None = None,
) -> Ranking:
    """Rank all municipalities for one household.

    Parameters
    ----------
    problem : Problem
    household : str
        Identifier; linked households are ranked together.
    prices : Prices, PriceList or None
        What places are worth to the rest of the queue, from the last plan: prices of this very
        problem, or a price list for its municipalities.
    choice : int array, shape (units,), PlanUsage or None
        The last plan, which determines how many places are left.

    Raises
    ------
    UnknownHouseholdError
        When the household is not in the queue.
    """
    verdicts = RuleChecks(problem, problem.unit_row(household))
    price_list = PriceList.of(problem, prices) if isinstance(prices, Prices) else prices
    plan = choice if choice is None or isinstance(choice, PlanUsage) else PlanUsage(problem, choice)
    return Ranking(RankingColumns.of(verdicts, price_list, plan), plan)
