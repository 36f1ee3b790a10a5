"""Step load: record the queue, the policy, the versions, and the night that was in force."""

import platform
from collections.abc import Mapping
from typing import Any

from matcher.batch.night import Hands, Made, Night
from matcher.solve.versions import versions
from matcher.store.database.runs import latest_complete


def load(night: Night, hands: Hands) -> Mapping[str, Made]:
    """Record what the night is based on; from this the store can rebuild the instance exactly."""
    previous = latest_complete(night.store)
    policy = night.question.policy
    return {
        "instance": Made.of_json({**_queue(night), "previous": previous and previous.id}),
        "policy": Made.of_json(
            {
                **night.question.to_mapping()["policy"],
                "content": {"rules": policy.rules, "terms": policy.terms},
                "hash": policy.hash,
            }
        ),
    }


def _queue(night: Night) -> dict[str, Any]:
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
