"""Households that must come to the same municipality."""

import numpy as np

from instances.draws import Draws, Mask, Whole
from instances.people.people import People

LARGEST_UNIT = 9
"""Most persons in two linked households together."""
Pairs = list[tuple[int, int]]


def draw_links(people: People, share: float, draws: Draws) -> Pairs:
    """Draw pairs of rows: a single person or couple, and a family of the same origin and ground.

    A few pairs are siblings who came without adults.

    Parameters
    ----------
    share : float
        Share of households that are linked to another household.
    """
    minors = people.structure.count(people.unaccompanied) > 0
    size, kind = people.structure.size, people.structure.type
    wanted = round(share * people.households / 2)
    siblings = _siblings(people, minors, draws.stream("siblings"))[: wanted // 8]
    few = (kind <= 1) & ~minors & (size <= 2)
    families = (kind >= 2) & (size <= LARGEST_UNIT - 2)
    pairs = _pair_within_groups(_origin_and_ground(people), few, families, draws.stream("pairs"))
    return siblings + pairs[: wanted - len(siblings)]


def _origin_and_ground(people: People) -> Whole:
    """Number the combinations of origin and ground of a household's first member."""
    return people.origin[people.structure.start] * 3 + people.ground


def _pair_within_groups(group: Whole, first: Mask, second: Mask, draws: Draws) -> Pairs:
    """Pair rows of ``first`` with rows of ``second`` in the same group, in random order."""
    pairs: Pairs = []
    for number in np.unique(group):
        first_rows, second_rows = (
            np.flatnonzero(who & (group == number)) for who in (first, second)
        )
        mixed = first_rows[draws.order(len(first_rows))], second_rows[draws.order(len(second_rows))]
        pairs += [(int(a), int(b)) for a, b in zip(*mixed, strict=False)]
    return [pairs[at] for at in draws.order(len(pairs))]


def _siblings(people: People, minors: Mask, draws: Draws) -> Pairs:
    rows = np.flatnonzero(minors)
    half = np.zeros(len(minors), dtype=np.bool_)
    half[rows[::2]] = True
    return _pair_within_groups(_origin_and_ground(people), minors & half, minors & ~half, draws)
