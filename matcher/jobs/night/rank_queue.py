"""Step rank: suggest the best municipalities for each household, for the caseworkers."""

from collections.abc import Mapping

from matcher.jobs.night.night_run import NightContext, NightRun, StepOutput
from matcher.jobs.night.suggestions import suggest_municipalities


def rank_queue(night: NightRun, context: NightContext) -> Mapping[str, StepOutput]:
    """Rank municipalities for every household; this proposes nothing to any municipality."""
    return {"suggestions": StepOutput.of_json(suggest_municipalities(night.problem, night.result))}
