"""All steps of a night, for whoever has its run."""

from matcher.batch.night import Hands, carry_out
from matcher.batch.steps import STEPS


def do_night(hands: Hands) -> None:
    """Do what is left of a night; who has the run completes it when this has come back.

    Raises
    ------
    NoNightPlanError
        When no plan was found in time.
    LostRunError
        When the worker has the run no longer.
    """
    carry_out(STEPS, hands)
