"""Step solve: compute the plan of the night with its bounds and prices, and record the stops."""

from collections.abc import Mapping
from dataclasses import replace

from matcher.jobs.night.errors import NoNightPlanError
from matcher.jobs.night.night_run import NightContext, NightRun, StepOutput
from matcher.jobs.night.result_files import MEDIA_TYPES, add_json_facts, result_to_files
from matcher.solve import price_places, solve
from matcher.solve.stopping import StopLog

PRICING_SECONDS = (5.0, 60.0)
"""Minimum and maximum time for pricing; between them, the time that the solve has not used."""


def solve_and_price(night: NightRun, context: NightContext) -> Mapping[str, StepOutput]:
    """Solve for a plan, and compute the prices of places.

    Raises
    ------
    NoNightPlanError
        When no plan was found in time.
    """
    question, problem = night.parameters, night.problem
    stop = replace(question.solver_limits(), cancelled=context.should_stop)
    params = question.solver_params
    result = solve(
        problem, seed=question.seed, stop=stop, progress=context.report_solve, params=params
    )
    # A cancelled solve also returns a plan, but not the plan of the night: this line raises.
    context.enter_step("solve", pricing=True)
    if result.choice is None:
        raise NoNightPlanError(f"no plan within {question.seconds:g} seconds; give it more")
    shortest, longest = PRICING_SECONDS
    seconds = min(longest, max(shortest, question.seconds - result.seconds))
    stops = StopLog()
    prices = price_places(problem, result.choice, seconds=seconds, stop_log=stops, params=params)
    files = result_to_files(problem, replace(result, prices=prices))
    files["result"] = add_json_facts(files["result"], price_stops=list(stops.stop_checks))
    return {name: StepOutput(MEDIA_TYPES[name], body) for name, body in files.items()}
