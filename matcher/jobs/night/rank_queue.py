"""Step rank: suggest the best municipalities for each household, for the caseworkers."""

from collections.abc import Mapping

from matcher.jobs.job_context import JobContext, JobOutput
from matcher.jobs.night.night_run import NightRun
from matcher.jobs.night.suggestions import suggest_municipalities


def rank_queue(night: NightRun, context: JobContext) -> Mapping[str, JobOutput]:
    """Rank municipalities for every household; this proposes nothing to any municipality."""
    return {"suggestions": JobOutput.of_json(suggest_municipalities(night.problem, night.result))}
