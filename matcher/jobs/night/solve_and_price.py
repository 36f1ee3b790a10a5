"""Step solve: compute the plan of the night with its bounds and prices, and record the stops."""

from collections.abc import Mapping
from dataclasses import replace

from matcher.jobs.job_context import JobContext, JobOutput
from matcher.jobs.night.night_run import NightRun, NoNightPlanError
from matcher.report.result_writing import format_result
from matcher.solve.solver import price_places, pricing_limits, solve
from matcher.solve.warm_start import WarmStart

RESULT_OUTPUTS: Mapping[str, tuple[str, str]] = {
    "plan.csv": ("plan", "text/csv"),
    "result.json": ("result", "application/json"),
    "prices.csv": ("prices", "text/csv"),
}
"""Name and media type of the output for each file of a result."""


def solve_and_price(night: NightRun, context: JobContext) -> Mapping[str, JobOutput]:
    """Solve for a plan, and compute the prices of places.

    Raises
    ------
    NoNightPlanError
        When no plan was found in time.
    """
    parameters, problem = night.parameters, night.problem
    stop = replace(parameters.solver_limits(), cancelled=context.should_stop)
    params = parameters.solver_params
    result = solve(
        problem,
        seed=parameters.seed,
        stop=stop,
        progress=context.report_solve,
        warm=WarmStart.from_last_named(problem, problem.instance),
        params=params,
    )
    # A cancelled solve also returns a plan, but not the plan of the night: this line raises.
    context.enter_step("solve", pricing=True)
    if result.choice is None:
        raise NoNightPlanError(f"no plan within {parameters.seconds:g} seconds; give it more")
    pricing = pricing_limits(stop, result.seconds)
    prices = price_places(
        problem,
        result.choice,
        seconds=pricing.seconds,
        stop_log=pricing.stop_log,
        params=params,
    )
    files = format_result(
        problem,
        replace(result, prices=prices),
        more_facts={"price_stops": list(pricing.stop_log.stop_checks)},
    )
    outputs = ((*RESULT_OUTPUTS[file], body) for file, body in files.items())
    return {name: JobOutput(media_type, body) for name, media_type, body in outputs}
