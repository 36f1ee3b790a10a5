"""Households that must come to the same municipality."""

import numpy as np

from instances.draws import Draws, Mask, Whole
from instances.people.people import People

LARGEST_UNIT = 9
"""No more persons than this in two linked households."""
Pairs = list[tuple[int, int]]


def draw_links(people: People, share: float, draws: Draws) -> Pairs:
    """Give pairs of rows: someone alone or a couple, and a family of the same origin and ground.

    Siblings who came without adults are linked to each other now and then.

    Parameters
    ----------
    share : float
        Of households, linked to another one.
    """
    minors = people.structure.count(people.unaccompanied) > 0
    size, kind = people.structure.size, people.structure.type
    wanted = round(share * people.households / 2)
    siblings = _siblings(people, minors, draws.stream("siblings"))[: wanted // 8]
    few = (kind <= 1) & ~minors & (size <= 2)
    families = (kind >= 2) & (size <= LARGEST_UNIT - 2)
    pairs = _paired(_peoples(people), few, families, draws.stream("pairs"))
    return siblings + pairs[: wanted - len(siblings)]


def _peoples(people: People) -> Whole:
    """Give a number to each origin and ground of a household's first member."""
    return people.origin[people.structure.start] * 3 + people.ground


def _paired(group: Whole, one: Mask, other: Mask, draws: Draws) -> Pairs:
    """Pair rows of ``one`` with rows of ``other`` in the same group, in random order."""
    pairs: Pairs = []
    for number in np.unique(group):
        left, right = (np.flatnonzero(who & (group == number)) for who in (one, other))
        mixed = left[draws.order(len(left))], right[draws.order(len(right))]
        pairs += [(int(a), int(b)) for a, b in zip(*mixed, strict=False)]
    return [pairs[at] for at in draws.order(len(pairs))]


def _siblings(people: People, minors: Mask, draws: Draws) -> Pairs:
    rows = np.flatnonzero(minors)
    half = np.zeros(len(minors), dtype=np.bool_)
    half[rows[::2]] = True
    return _paired(_peoples(people), minors & half, minors & ~half, draws)
