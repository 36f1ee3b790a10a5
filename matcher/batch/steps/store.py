"""Step store: read the stored plan back, verify it, and compare it with the previous night."""

from collections.abc import Mapping

from matcher.batch.changing import changes_since
from matcher.batch.night import Hands, Made, Night
from matcher.batch.verifying import verification


def store(night: Night, hands: Hands) -> Mapping[str, Made]:
    """Verify the stored plan without any solver, and list what changed and why."""
    return {
        "verification": Made.of_json(verification(night.problem, night.saved)),
        "changes": Made.of_json(changes_since(night)),
    }
