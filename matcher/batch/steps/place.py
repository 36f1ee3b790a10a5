"""Step solve: compute the plan of the night with its bounds and prices, and record the stops."""

from collections.abc import Mapping
from dataclasses import replace

from matcher.batch.errors import NoNightPlanError
from matcher.batch.night import Hands, Made, Night
from matcher.batch.saved import MEDIA_TYPES, files_of, with_facts
from matcher.solve import price, solve
from matcher.solve.stopping import Stops

PRICING_SECONDS = (5.0, 60.0)
"""Minimum and maximum time for pricing; between them, the time that the solve has not used."""


def place(night: Night, hands: Hands) -> Mapping[str, Made]:
    """Solve for a plan, and compute the prices of places.

    Raises
    ------
    NoNightPlanError
        When no plan was found in time.
    """
    question, problem = night.question, night.problem
    stop = replace(question.stop(), cancelled=hands.stopped)
    result = solve(problem, seed=question.seed, stop=stop, progress=hands.follow)
    # A cancelled solve also returns a plan, but not the plan of the night: this line raises.
    hands.at("solve", pricing=True)
    if result.choice is None:
        raise NoNightPlanError(f"no plan within {question.seconds:g} seconds; give it more")
    shortest, longest = PRICING_SECONDS
    seconds = min(longest, max(shortest, question.seconds - result.seconds))
    stops = Stops()
    prices = price(problem, result.choice, seconds=seconds, stops=stops)
    files = files_of(problem, replace(result, prices=prices))
    files["result"] = with_facts(files["result"], price_stops=list(stops.record))
    return {name: Made(MEDIA_TYPES[name], body) for name, body in files.items()}
