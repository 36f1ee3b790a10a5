"""Store: what was kept is read back and checked anew, and held against the night before."""

from collections.abc import Mapping

from matcher.batch.changing import changes_since
from matcher.batch.night import Hands, Made, Night
from matcher.batch.verifying import verification


def store(night: Night, hands: Hands) -> Mapping[str, Made]:
    """Check the plan as the store has it without any solver; and say what changed, and why."""
    return {
        "verification": Made.of_json(verification(night.problem, night.saved)),
        "changes": Made.of_json(changes_since(night)),
    }
