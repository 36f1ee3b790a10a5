"""The level-1 weights that decide who has a place, of a household without one and of others."""

from dataclasses import dataclass

import numpy as np

from matcher.domain.reason import Reason
from matcher.problem.lowering import term_values
from matcher.problem.program import STEPS_PER_POINT
from matcher.ranking.rank import Ranking


@dataclass(frozen=True, slots=True)
class PlaceHolder:
    """Households with a place that an unplaced household could have if they alone left.

    Parameters
    ----------
    households : str
        Identifiers, linked households joined by ``+``.
    municipality : str
    weight : float
        Their level-1 weight.
    """

    households: str
    municipality: str
    weight: float


@dataclass(frozen=True, slots=True)
class PlacingWeights:
    """What an unplaced household weighs at level 1, and what those weigh whose place it could have.

    Parameters
    ----------
    weight : float
    reasons : tuple of Reason
        What the weight is made of.
    holders : tuple of PlaceHolder
        The lightest first. None weighs less than the household in a plan of this project.
    """

    weight: float
    reasons: tuple[Reason, ...]
    holders: tuple[PlaceHolder, ...]


def list_placing_weights(ranking: Ranking) -> PlacingWeights:
    """List the weights that decided over a household without a place."""
    problem, checks = ranking.rule_checks.problem, ranking.rule_checks
    h, m = problem.households, problem.municipalities
    terms = [term for term in problem.selection.terms if term.level == 1]
    steps = sum((term_values(t, h, m)[:, 0] for t in terms), np.zeros(len(h), dtype=np.int64))
    weight = steps / STEPS_PER_POINT
    holders = [
        PlaceHolder(str(h.id[unit]), str(m.number[place]), float(weight[unit]))
        for place in np.flatnonzero(ranking.allowed_by_all & ~ranking.has_room)
        for unit in ranking.units_to_displace(int(place))
    ]
    return PlacingWeights(
        float(weight[ranking.unit]),
        tuple(term.reason(checks.households, m, ranking.row, 0) for term in terms),
        tuple(sorted(holders, key=lambda holder: (holder.weight, holder.households))),
    )
