"""Step store: read the stored plan back, verify it, and compare it with the previous night."""

from collections.abc import Mapping

from matcher.jobs.night.changes import compare_with_previous_night
from matcher.jobs.night.night_run import NightContext, NightRun, StepOutput
from matcher.jobs.night.verification import verify_saved_plan


def verify_plan(night: NightRun, context: NightContext) -> Mapping[str, StepOutput]:
    """Verify the stored plan without any solver, and list what changed and why."""
    return {
        "verification": StepOutput.of_json(verify_saved_plan(night.problem, night.saved_result)),
        "changes": StepOutput.of_json(compare_with_previous_night(night)),
    }
