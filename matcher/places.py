"""Places in persons: how many a municipality has open, and how many a plan leaves."""

from collections.abc import Iterator

import numpy as np

from matcher.problem import Problem
from matcher.program import UNPLACED, Choice
from matcher.shapes import Budget
from matcher.tables import IntArray


def open_places(problem: Problem, without: str | None = None) -> IntArray:
    """Persons who can come, the least over the budgets in persons, shape (municipalities,).

    Parameters
    ----------
    problem : Problem
    without : str or None
        A rule to leave out.
    """
    h, m = problem.households, problem.municipalities
    limits = [b.limit(h, m)[b.group(m), 0] for b in _budgets(problem, without)]
    return np.minimum.reduce(limits) if limits else m.open


def left_places(problem: Problem, choice: Choice, without: str | None = None) -> IntArray:
    """Persons who can come beside those a plan places, shape (municipalities,); never below 0."""
    h, m = problem.households, problem.municipalities
    placed = choice != UNPLACED
    taken = np.bincount(choice[placed], weights=h.size[placed], minlength=len(m))
    return np.maximum(open_places(problem, without) - taken.astype(np.int64), 0)


def _budgets(problem: Problem, without: str | None) -> Iterator[Budget]:
    return (b for b in problem.selection.budgets if b.in_persons and b.id != without)
