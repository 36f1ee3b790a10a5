"""Use of the decided places, by landsdel or by centrality class."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.domain.tables import IntArray
from matcher.domain.tables.vocabulary import LANDSDELER
from matcher.problem.problem import Problem


@dataclass(frozen=True, slots=True)
class CapacityUse:
    """Places of a group of municipalities, in persons.

    Parameters
    ----------
    group : str
        Landsdel or centrality class; empty when not known.
    decided, used, placed, open : int
        Decided for the year; settled or promised before tonight; placed tonight; still open
        in municipalities that have not used all their decided places.
    """

    group: str
    decided: int
    used: int
    placed: int
    open: int

    @property
    def whole(self) -> int:
        """Length of the bar: used, placed and open; above ``decided`` where more are used."""
        return self.used + self.placed + self.open


def capacity_use_by_landsdel(problem: Problem, persons: IntArray) -> tuple[CapacityUse, ...]:
    """Compute the use of places by landsdel, ordered from the north.

    Parameters
    ----------
    problem : Problem
    persons : int array, shape (municipalities,)
        Persons placed tonight.
    """
    group_names = [str(name) for name in problem.municipalities.landsdel]
    known = [name for name in LANDSDELER if name in group_names]
    return _fill(problem, persons, group_names, [*known, *sorted(set(group_names) - set(known))])


def capacity_use_by_centrality(problem: Problem, persons: IntArray) -> tuple[CapacityUse, ...]:
    """Compute the use of places by centrality class, most central first and unknown last."""
    group_names = [str(c) if c > 0 else "" for c in problem.municipalities.centrality]
    return _fill(
        problem, persons, group_names, sorted(set(group_names), key=lambda c: (c == "", c))
    )


def _fill(
    problem: Problem, persons: IntArray, group_names: Sequence[str], order: Sequence[str]
) -> tuple[CapacityUse, ...]:
    m = problem.municipalities
    used = m.settled + m.promised
    open_places = np.maximum(m.decided - used - persons, 0)
    group = np.array([order.index(name) for name in group_names], dtype=np.int64)
    sums = np.zeros((len(order), 4), dtype=np.int64)
    np.add.at(sums, group, np.stack([m.decided, used, persons, open_places], axis=1))
    return tuple(CapacityUse(name, *row) for name, row in zip(order, sums.tolist(), strict=True))
