"""Means by group; groups so small that they reveal a person are hidden."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

DIMENSIONS = ("sex", "age", "household_type", "origin")
MIN_PERSONS = 5
"""Groups of fewer persons are hidden."""
WORST_OFF_SHARE = 0.1
"""The worst-off are this share of the placed persons: those least likely to stay."""


@dataclass(frozen=True, slots=True)
class GroupOutcome:
    """Outcomes of a plan for a group of persons; None for hidden and for unknown values.

    Parameters
    ----------
    dimension, level : str
        The group; ``"everyone"`` and an empty text for all persons.
    persons, placed : int or None
        Persons in the queue, and how many of them are placed.
    stay : float or None
        Mean probability of staying of the placed.
    worst_off : float or None
        Share of the placed who are among the tenth of all placed least likely to stay.
    waited : float or None
        Mean days from settlement-ready until moving in.
    kilometres : float or None
        Mean distance from where they live today, among persons with a known distance.
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


def summarise_groups(persons: pd.DataFrame) -> tuple[GroupOutcome, ...]:
    """Compute the means of ``build_person_outcomes``, everyone first.

    A group of fewer than five persons in the queue is hidden. If only one group of a dimension is
    hidden, the next smallest is hidden too, because the total would otherwise reveal the first.
    """
    marked = persons.assign(worst_off=_worst_off(persons))
    everyone = (
        _group("everyone", "", marked)
        if len(marked) >= MIN_PERSONS
        else GroupOutcome("everyone", "")
    )
    return (everyone, *(g for d in DIMENSIONS for g in _groups_of_dimension(d, marked)))


def _worst_off(persons: pd.DataFrame) -> pd.Series:
    """1 for persons among the worst-off tenth; equal probabilities get their average rank.

    Missing for persons without a probability.
    """
    stay = persons.loc[persons.placed, "stay"].dropna()
    rank = stay.rank(method="average") / max(1, len(stay))
    return pd.Series((rank <= WORST_OFF_SHARE).astype(float), dtype=float).reindex(persons.index)


def _groups_of_dimension(dimension: str, persons: pd.DataFrame) -> Iterator[GroupOutcome]:
    sizes = persons.groupby(dimension)["unit"].size().sort_values(kind="stable")
    small = int((sizes < MIN_PERSONS).sum())
    hidden = set(sizes.index[: 2 if small == 1 else small])
    for level, rows in persons.groupby(dimension):
        if level in hidden:
            yield GroupOutcome(dimension, str(level))
        else:
            yield _group(dimension, str(level), rows)


def _group(dimension: str, level: str, rows: pd.DataFrame) -> GroupOutcome:
    placed = rows[rows.placed]
    names = ("stay", "worst_off", "waited", "kilometres", "remote")
    means = {name: _mean(placed[name]) for name in names}
    return GroupOutcome(dimension, level, len(rows), len(placed), **means)


def _mean(column: pd.Series) -> float | None:
    """Mean of the known values; None where too few are known to protect each person."""
    known = column.dropna()
    return float(known.mean()) if len(known) >= MIN_PERSONS else None
