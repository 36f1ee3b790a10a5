"""Run all steps of a night."""

from matcher.jobs.night.night_run import NightContext, run_missing_steps
from matcher.jobs.night.steps import STEPS


def run_night(context: NightContext) -> None:
    """Run the remaining steps of a night; the caller completes the run afterwards.

    Raises
    ------
    NoNightPlanError
        When no plan was found in time.
    LostRunError
        When the worker no longer has the run.
    """
    run_missing_steps(STEPS, context)
