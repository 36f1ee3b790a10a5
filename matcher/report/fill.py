"""How far decided places are filled, by landsdel or by centrality class."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.problem import Problem
from matcher.tables import IntArray
from matcher.tables.vocabulary import LANDSDELER


@dataclass(frozen=True, slots=True)
class Fill:
    """Places of a group of municipalities, in persons.

    Parameters
    ----------
    group : str
        Landsdel or centrality class; empty when not known.
    decided, used, placed, open : int
        Decided for the year; settled or promised before tonight; placed tonight; what is left
        in municipalities that have not used up their decision.
    """

    group: str
    decided: int
    used: int
    placed: int
    open: int

    @property
    def whole(self) -> int:
        """What the bar stands for: the parts together, more than decided where that is passed."""
        return self.used + self.placed + self.open


def fill_by_landsdel(problem: Problem, persons: IntArray) -> tuple[Fill, ...]:
    """Fill by landsdel, from the north.

    Parameters
    ----------
    problem : Problem
    persons : int array, shape (municipalities,)
        Placed tonight.
    """
    named = [str(name) for name in problem.municipalities.landsdel]
    known = [name for name in LANDSDELER if name in named]
    return _fill(problem, persons, named, [*known, *sorted(set(named) - set(known))])


def fill_by_centrality(problem: Problem, persons: IntArray) -> tuple[Fill, ...]:
    """Fill by centrality class, the most central first, with what is not known last."""
    named = [str(c) if c > 0 else "" for c in problem.municipalities.centrality]
    return _fill(problem, persons, named, sorted(set(named), key=lambda c: (c == "", c)))


def _fill(
    problem: Problem, persons: IntArray, named: Sequence[str], order: Sequence[str]
) -> tuple[Fill, ...]:
    m = problem.municipalities
    used = m.settled + m.promised
    left = np.maximum(m.decided - used - persons, 0)
    group = np.array([order.index(name) for name in named], dtype=np.int64)
    sums = np.zeros((len(order), 4), dtype=np.int64)
    np.add.at(sums, group, np.stack([m.decided, used, persons, left], axis=1))
    return tuple(Fill(name, *row) for name, row in zip(order, sums.tolist(), strict=True))
