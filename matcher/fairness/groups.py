"""Means by group, where no group is so small that it tells of a person."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

DIMENSIONS = ("sex", "age", "household_type", "origin")
LEAST = 5
"""Persons in a group below which nothing is shown of it."""
WORST = 0.1
"""Share of the placed who are likely to stay the least: the worst-off tenth."""


@dataclass(frozen=True, slots=True)
class Group:
    """What a plan means for a group of persons; None for what is hidden or not known of anyone.

    Parameters
    ----------
    dimension, level : str
        ``"everyone"`` and an empty text for all.
    persons, placed : int or None
        In the queue, and of these placed.
    stay : float or None
        Mean probability of staying of the placed.
    worst_off : float or None
        Share of the placed who are among the tenth of all placed least likely to stay.
    waited : float or None
        Mean days from settlement-ready until moving in.
    kilometres : float or None
        Mean distance from where they live now, of those of whom it is known.
    remote : float or None
        Share of the placed who come to centrality class 5 or 6.
    """

    dimension: str
    level: str
    persons: int | None = None
    placed: int | None = None
    stay: float | None = None
    worst_off: float | None = None
    waited: float | None = None
    kilometres: float | None = None
    remote: float | None = None


def groups(persons: pd.DataFrame) -> tuple[Group, ...]:
    """Take the means of :func:`~matcher.fairness.outcomes.outcomes`, everyone first.

    A group of fewer than five in the queue is hidden. Where one alone would be, the next smallest
    is hidden with it, as it could otherwise be worked out from the rest.
    """
    marked = persons.assign(worst_off=_worst_off(persons))
    everyone = _group("everyone", "", marked) if len(marked) >= LEAST else Group("everyone", "")
    return (everyone, *(g for d in DIMENSIONS for g in _of(d, marked)))


def _worst_off(persons: pd.DataFrame) -> pd.Series:
    """Whether each is among the tenth; units of equal probability share the places left."""
    stay = persons.loc[persons.placed, "stay"]
    rank = stay.rank(method="average") / max(1, len(stay))
    return pd.Series((rank <= WORST).astype(float), dtype=float).reindex(persons.index)


def _of(dimension: str, persons: pd.DataFrame) -> Iterator[Group]:
    sizes = persons.groupby(dimension)["unit"].size().sort_values(kind="stable")
    small = int((sizes < LEAST).sum())
    hidden = set(sizes.index[: 2 if small == 1 else small])
    for level, rows in persons.groupby(dimension):
        if level in hidden:
            yield Group(dimension, str(level))
        else:
            yield _group(dimension, str(level), rows)


def _group(dimension: str, level: str, rows: pd.DataFrame) -> Group:
    placed = rows[rows.placed]
    names = ("stay", "worst_off", "waited", "kilometres", "remote")
    means = {name: _mean(placed[name]) for name in names}
    return Group(dimension, level, len(rows), len(placed), **means)


def _mean(column: pd.Series) -> float | None:
    """Mean of what is known; None where so few are that it would tell of a person."""
    known = column.dropna()
    return float(known.mean()) if len(known) >= LEAST else None
