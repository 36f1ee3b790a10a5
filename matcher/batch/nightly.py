"""Run all steps of a night."""

from matcher.batch.night import Hands, carry_out
from matcher.batch.steps import STEPS


def do_night(hands: Hands) -> None:
    """Run the remaining steps of a night; the caller completes the run afterwards.

    Raises
    ------
    NoNightPlanError
        When no plan was found in time.
    LostRunError
        When the worker no longer has the run.
    """
    carry_out(STEPS, hands)
