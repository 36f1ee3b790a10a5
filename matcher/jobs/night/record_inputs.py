"""Step load: record the queue, the policy, the versions, and the night that was in force."""

import platform
from collections.abc import Mapping
from typing import Any

from matcher.jobs.job_context import JobContext, JobOutput
from matcher.jobs.night.night_run import NightRun
from matcher.jobs.night.suggestions import record_suggestions
from matcher.solve.result import versions


def record_inputs(night: NightRun, context: JobContext) -> Mapping[str, JobOutput]:
    """Record what the night is based on; from this the store can rebuild the instance exactly."""
    previous = night.previous
    policy = night.parameters.policy
    return {
        "instance": JobOutput.of_json(
            {
                **_queue(night),
                "previous": previous and previous.run.id,
                **record_suggestions(night.instance),
            }
        ),
        "policy": JobOutput.of_json(
            {
                **night.parameters.to_mapping()["policy"],
                "content": {"rules": policy.rules, "terms": policy.terms},
                "hash": policy.hash,
            }
        ),
    }


def _queue(night: NightRun) -> dict[str, Any]:
    instance = night.instance
    return {
        "name": instance.name,
        "day": night.run.day.isoformat(),
        "based_on": night.run.based_on,
        "hash": night.problem.tables.hash,
        "households": {h.id: h.size for h in instance.households},
        "municipalities": len(instance.municipalities),
        "made_up": list(instance.made_up),
        "versions": {**versions(), "python": platform.python_version()},
        "machine": platform.machine(),
    }
