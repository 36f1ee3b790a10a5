"""Stated wishes as columns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from matcher.domain.household import Household, WishKind
from matcher.domain.tables.array_types import BoolArray, IntArray
from matcher.domain.tables.ragged import RaggedRows

WISH_KINDS = tuple(WishKind)
NOWHERE = -1
"""Value of a wish for a place that there is not."""


@dataclass(frozen=True, eq=False)
class WishRows(RaggedRows):
    """Stated wishes; ``kind`` indexes :class:`WishKind`.

    ``value`` is the code of the place, ``NOWHERE`` for one that there is not.
    """

    kind: IntArray
    value: IntArray
    wanted: BoolArray


def build_wish_rows(
    units: Iterable[tuple[Household, ...]], codes: Mapping[WishKind, Mapping[str, int]]
) -> WishRows:
    """Build the stated wishes of placing units.

    A wish binds no one: one for a place that there is not is answered, and stops no plan.

    Parameters
    ----------
    units : iterable of tuple of Household
    codes : mapping of WishKind to mapping of str to int
        The code of each place, by kind of wish.
    """
    stated = [[wish for household in unit for wish in household.wishes] for unit in units]
    wishes = [wish for unit in stated for wish in unit]
    values = [codes[wish.kind].get(wish.value, NOWHERE) for wish in wishes]
    return WishRows(
        start=np.concatenate([[0], np.cumsum([len(unit) for unit in stated])]).astype(np.int64),
        kind=np.array([WISH_KINDS.index(wish.kind) for wish in wishes], dtype=np.int64),
        value=np.array(values, dtype=np.int64),
        wanted=np.array([wish.wanted for wish in wishes], dtype=np.bool_),
    )
