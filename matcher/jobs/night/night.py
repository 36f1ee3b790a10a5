"""The night: seven steps, from the queue in the store to ranked suggestions and a report.

Begin here. :data:`STEPS` names the steps in order; each is a function in the file of its name,
which takes the night and returns outputs. What a step reads of earlier ones is handed on in
memory. Each step's outputs are stored in one transaction as well, so that a night that was killed
continues at the first step whose outputs are missing, and reads from the store what came before.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from matcher.jobs.job_context import JobContext, JobOutput
from matcher.jobs.night.check_data import check_data
from matcher.jobs.night.digest_predictions import digest_predictions
from matcher.jobs.night.night_run import NightRun
from matcher.jobs.night.rank_queue import rank_queue
from matcher.jobs.night.record_inputs import record_inputs
from matcher.jobs.night.solve_and_price import solve_and_price
from matcher.jobs.night.verify_plan import verify_plan
from matcher.jobs.night.write_report import write_report
from matcher.store.runs import list_outputs


@dataclass(frozen=True, slots=True)
class NightStep:
    """A step of a night.

    Parameters
    ----------
    name : str
        Identifies the step in stored runs and in progress.
    inputs, outputs : tuple of str
        Names of the outputs that it reads, and of those that it leaves.
    execute : callable
        Executes the step and returns its outputs by name.
    """

    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    execute: Callable[[NightRun, JobContext], Mapping[str, JobOutput]]


RESULT = ("plan", "result", "prices")
PAGES = ("report.json", "report.html", "report.en.html", "plan.html", "plan.en.html")
RECORDS = ("instance", "policy", "check", "predictions", *RESULT, "verification", "changes")

STEPS = (
    NightStep("load", (), ("instance", "policy"), record_inputs),
    NightStep("check", ("instance",), ("check",), check_data),
    NightStep("predict", ("instance",), ("predictions",), digest_predictions),
    NightStep("solve", ("instance",), RESULT, solve_and_price),
    NightStep("rank", ("instance", *RESULT), ("suggestions",), rank_queue),
    NightStep("store", ("instance", *RESULT), ("verification", "changes"), verify_plan),
    NightStep("report", RECORDS, PAGES, write_report),
)


def run_night(context: JobContext) -> None:
    """Run the remaining steps of a night, in order; the caller completes the run afterwards.

    Raises
    ------
    NoNightPlanError
        When no plan was found in time.
    JobStoppedError
        When the night must stop.
    LostRunError
        When the worker no longer has the run; outputs of the current step are not stored.
    """
    night = NightRun(context.store, context.run)
    stored = {output.name for output in list_outputs(context.store, context.run.id)}
    for number, step in enumerate(STEPS, 1):
        if stored.issuperset(step.outputs):
            continue
        context.enter_step(step.name, number=number, of=len(STEPS))
        outputs = step.execute(night, context)
        assert set(outputs) == set(step.outputs), f"{step.name} left {sorted(outputs)}"
        context.store_outputs(outputs)
        night.hand_on(outputs)
