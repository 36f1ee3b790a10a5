"""Step rank: suggest the best municipalities for each household, for the caseworkers."""

from collections.abc import Mapping

from matcher.batch.night import Hands, Made, Night
from matcher.batch.suggesting import suggestions


def rank(night: Night, hands: Hands) -> Mapping[str, Made]:
    """Rank municipalities for every household; this proposes nothing to any municipality."""
    return {"suggestions": Made.of_json(suggestions(night.problem, night.result))}
