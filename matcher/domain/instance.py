"""The input of a plan: the queue, the municipalities and the day."""

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
    """Stay probabilities from an operator's own model, one row for each pair.

    Parameters
    ----------
    household, municipality : array of str, shape (pairs,)
        Household identifier and municipality number of each pair.
    probability : array of float, shape (pairs,)
        Probability that the household stays, 0-1.
    """

    household: NDArray[np.str_]
    municipality: NDArray[np.str_]
    probability: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Instance:
    """The input of a plan; immutable, :meth:`replace` returns a changed copy.

    Parameters
    ----------
    today : date
        The day the plan is made for; the library never reads a clock.
    households : tuple of Household
        The queue.
    municipalities : tuple of Municipality
        Where households can be placed.
    name : str
        Name of the instance in reports.
    links : tuple of (str, str)
        Households that must come to the same municipality (tilknyttede husstander).
    travel_times : tuple of TravelTime
        Supplied travel times; pairs without one are estimated from coordinates.
    earlier_plan : Plan
        Still open proposals of an earlier night.
    suggestions : Plan
        What the night before suggested; it counts for households without an open proposal.
    probabilities : PairProbabilities or None
        Stay probabilities from an operator's own model.
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
    suggestions: Plan = field(default_factory=Plan)
    probabilities: PairProbabilities | None = None
    made_up: tuple[str, ...] = ()

    def replace(self, **changes: Any) -> Self:
        """Return a copy in which the named fields are changed."""
        return replace(self, **changes)

    @property
    def persons(self) -> int:
        """Persons in the queue."""
        return sum(h.size for h in self.households)

    def placing_units(self) -> Sequence[tuple[Household, ...]]:
        """List the placing units: households joined by links, directly or through other households.

        Units, and the households within each unit, are in the order of the queue.

        Raises
        ------
        KeyError
            When a link names a household that is not in the queue.
        """
        leader = {h.id: h.id for h in self.households}
        for first, second in self.links:
            _join(leader, first, second)
        groups: dict[str, list[Household]] = {}
        for household in self.households:
            groups.setdefault(_find_leader(leader, household.id), []).append(household)
        return [tuple(group) for group in groups.values()]


def _find_leader(leader: dict[str, str], member: str) -> str:
    while leader[member] != member:
        leader[member] = leader[leader[member]]
        member = leader[member]
    return member


def _join(leader: dict[str, str], first: str, second: str) -> None:
    leader[_find_leader(leader, first)] = _find_leader(leader, second)
