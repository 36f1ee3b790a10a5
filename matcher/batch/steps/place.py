"""Solve: the plan of the night with its bounds and prices, and where the clock stopped it."""

from collections.abc import Mapping
from dataclasses import replace

from matcher.batch.errors import NoNightPlanError
from matcher.batch.night import Hands, Made, Night
from matcher.batch.saved import MEDIA_TYPES, files_of, with_facts
from matcher.solve import price, solve
from matcher.solve.stopping import Stops

PRICING = (5.0, 60.0)
"""Seconds for pricing at the least and at the most; between them, what the solve has left."""


def place(night: Night, hands: Hands) -> Mapping[str, Made]:
    """Place the queue and price the places.

    Raises
    ------
    NoNightPlanError
        When no plan was found in time.
    """
    question, problem = night.question, night.problem
    stop = replace(question.stop(), cancelled=hands.stopped)
    result = solve(problem, seed=question.seed, stop=stop, progress=hands.follow)
    # A solve that was told to stop has a plan too, but not the night's.
    hands.at("solve", pricing=True)
    if result.choice is None:
        raise NoNightPlanError(f"no plan within {question.seconds:g} seconds; give it more")
    shortest, longest = PRICING
    left, stops = min(longest, max(shortest, question.seconds - result.seconds)), Stops()
    prices = price(problem, result.choice, seconds=left, stops=stops)
    files = files_of(problem, replace(result, prices=prices))
    files["result"] = with_facts(files["result"], price_stops=list(stops.record))
    return {name: Made(MEDIA_TYPES[name], body) for name, body in files.items()}
