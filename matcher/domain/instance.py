"""Everything that tonight's plan rests on: the queue, the municipalities, the day."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from matcher.domain.household import Household
from matcher.domain.municipality import Municipality
from matcher.domain.placement import Plan


@dataclass(frozen=True, slots=True)
class TravelTime:
    """Supplied travel time from a municipality's seat to a hospital, in minutes."""

    municipality: str
    hospital: str
    minutes: int


@dataclass(frozen=True, slots=True, eq=False)
class PairProbabilities:
    """Stay probabilities from an operator's own model, one row a pair.

    Parameters
    ----------
    household, municipality : array of str, shape (pairs,)
        Which pair a row is about.
    probability : array of float, shape (pairs,)
        Probability that the household stays, 0-1.
    """

    household: NDArray[np.str_]
    municipality: NDArray[np.str_]
    probability: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Instance:
    """The input of a plan; frozen, variants by :meth:`replace`.

    Parameters
    ----------
    today : date
        The day the plan is made for; the library never reads a clock.
    households : tuple of Household
        The queue.
    municipalities : tuple of Municipality
        Where households can be placed.
    name : str
        What to call it.
    links : tuple of (str, str)
        Households that must come to the same municipality (tilknyttede husstander).
    travel_times : tuple of TravelTime
        Supplied travel times; pairs without one are estimated from coordinates.
    earlier_plan : Plan
        Still open proposals of an earlier night.
    probabilities : PairProbabilities or None
        From an operator's own stay model.
    made_up : tuple of str
        Columns whose values are synthetic, as ``file.column``.
    """

    today: date
    households: tuple[Household, ...]
    municipalities: tuple[Municipality, ...]
    name: str = "instance"
    links: tuple[tuple[str, str], ...] = ()
    travel_times: tuple[TravelTime, ...] = ()
    earlier_plan: Plan = field(default_factory=Plan)
    probabilities: PairProbabilities | None = None
    made_up: tuple[str, ...] = ()

    def replace(self, **changes: Any) -> Self:
        """Give a copy with some fields changed."""
        return replace(self, **changes)

    @property
    def persons(self) -> int:
        """Persons in the queue."""
        return sum(h.size for h in self.households)

    def linked_groups(self) -> Sequence[tuple[Household, ...]]:
        """Give the placing units: households joined by links, directly or through others.

        Units and the households within them come in the order of the queue.

        Raises
        ------
        KeyError
            When a link names a household that is not in the queue.
        """
        leader = {h.id: h.id for h in self.households}
        for one, other in self.links:
            _join(leader, one, other)
        groups: dict[str, list[Household]] = {}
        for household in self.households:
            groups.setdefault(_find(leader, household.id), []).append(household)
        return [tuple(group) for group in groups.values()]


def _find(leader: dict[str, str], member: str) -> str:
    while leader[member] != member:
        leader[member] = leader[leader[member]]
        member = leader[member]
    return member


def _join(leader: dict[str, str], one: str, other: str) -> None:
    leader[_find(leader, one)] = _find(leader, other)
