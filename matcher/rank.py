"""Rank all municipalities for one household, best first, with reasons and prices."""

from matcher.places import Taken
from matcher.price_list import PriceList
from matcher.problem import Problem
from matcher.program import Choice
from matcher.ranking import Ranking
from matcher.ranking_columns import RankingColumns
from matcher.solve.prices import Prices
from matcher.verdicts import Verdicts


def rank(
    problem: Problem,
    household: str,
    prices: Prices | PriceList | None = None,
    choice: Choice | Taken | None = None,
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
    choice : int array, shape (units,), Taken or None
        The last plan, which determines how many places are left.

    Raises
    ------
    UnknownHouseholdError
        When the household is not in the queue.
    """
    verdicts = Verdicts(problem, problem.unit(household))
    price_list = PriceList.of(problem, prices) if isinstance(prices, Prices) else prices
    plan = choice if choice is None or isinstance(choice, Taken) else Taken(problem, choice)
    return Ranking(RankingColumns.of(verdicts, price_list, plan), plan)
