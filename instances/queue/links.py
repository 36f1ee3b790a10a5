"""Households that must come to the same municipality."""

import numpy as np

from instances.people.population import Population
from instances.random_stream import BoolMask, Int64Array, RandomStream

LARGEST_UNIT = 9
"""Most persons in two linked households together."""
LinkedPairs = list[tuple[int, int]]


def draw_links(people: Population, share: float, draws: RandomStream) -> LinkedPairs:
    """Draw pairs of rows: a single person or couple, and a family of the same origin and ground.

    A few pairs are siblings who came without adults.

    Parameters
    ----------
    share : float
        Share of households that are linked to another household.
    """
    minors = people.structure.count_by_household(people.unaccompanied) > 0
    size, kind = people.structure.size, people.structure.type
    wanted = round(share * people.households / 2)
    siblings = _siblings(people, minors, draws.substream("siblings"))[: wanted // 8]
    few = (kind <= 1) & ~minors & (size <= 2)
    families = (kind >= 2) & (size <= LARGEST_UNIT - 2)
    pairs = _pair_within_groups(_origin_and_ground(people), few, families, draws.substream("pairs"))
    return siblings + pairs[: wanted - len(siblings)]


def _origin_and_ground(people: Population) -> Int64Array:
    """Number the combinations of origin and ground of a household's first member."""
    return people.origin[people.structure.start] * 3 + people.ground


def _pair_within_groups(
    group: Int64Array, first: BoolMask, second: BoolMask, draws: RandomStream
) -> LinkedPairs:
    """Pair rows of ``first`` with rows of ``second`` in the same group, in random order."""
    pairs: LinkedPairs = []
    for number in np.unique(group):
        first_rows, second_rows = (
            np.flatnonzero(who & (group == number)) for who in (first, second)
        )
        mixed = (
            first_rows[draws.permutation(len(first_rows))],
            second_rows[draws.permutation(len(second_rows))],
        )
        pairs += [(int(a), int(b)) for a, b in zip(*mixed, strict=False)]
    return [pairs[at] for at in draws.permutation(len(pairs))]


def _siblings(people: Population, minors: BoolMask, draws: RandomStream) -> LinkedPairs:
    rows = np.flatnonzero(minors)
    half = np.zeros(len(minors), dtype=np.bool_)
    half[rows[::2]] = True
    return _pair_within_groups(_origin_and_ground(people), minors & half, minors & ~half, draws)
