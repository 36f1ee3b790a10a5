"""Rank: the best few municipalities for each household, ready for the people who decide."""

from collections.abc import Mapping

from matcher.batch.night import Hands, Made, Night
from matcher.batch.suggesting import suggestions


def rank(night: Night, hands: Hands) -> Mapping[str, Made]:
    """Rank municipalities for every household; nothing is proposed to anyone."""
    return {"suggestions": Made.of_json(suggestions(night.problem, night.result))}
