"""The places and resources that a plan uses, counted once and queried for many households."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np

from matcher.domain.tables.array_types import IntArray
from matcher.domain.tables.calendar import MoveInCalendar
from matcher.problem.problem import Problem
from matcher.problem.program import UNPLACED, Choice
from matcher.problem.remaining_capacity import RemainingCapacity


@dataclass(frozen=True, eq=False)
class PlanUsage:
    """The places and resources that a plan uses, counted once and queried for many households.

    Parameters
    ----------
    problem : Problem
    choice : int array, shape (units,)
        The plan.
    """

    problem: Problem
    choice: Choice

    @classmethod
    def empty(cls, problem: Problem) -> Self:
        """Build the usage of a plan that places no one."""
        return cls(problem, np.full(len(problem.households), UNPLACED, dtype=np.int64))

    def capacity_without(self, unit: int, rule: str | None = None) -> RemainingCapacity:
        """Return what the plan without one unit leaves of every resource.

        Parameters
        ----------
        unit : int
        rule : str or None
            A rule without which the policy is taken.
        """
        capacity = self.remaining_capacity if rule is None else self._capacity_without_rule(rule)
        if self.choice[unit] == UNPLACED:
            return capacity
        room = capacity.copy()
        room.free(unit, int(self.choice[unit]))
        return room

    def places_without(self, units: IntArray) -> IntArray:
        """Return how many persons can come beside the plan without each one of some units.

        Parameters
        ----------
        units : int array, shape (units,)
            Rows of placing units.

        Returns
        -------
        int array, shape (units, municipalities)
            At least 0.
        """
        free = self._places_by_year[self.problem.moving_next_year[units].astype(np.int64)]
        placed = np.flatnonzero(self.choice[units] != UNPLACED)
        free[placed, self.choice[units[placed]]] += self.problem.households.size[units[placed]]
        return np.maximum(free, 0)

    def other_units_in(self, municipality: int, unit: int) -> IntArray:
        """Return the rows of the other units that the plan places in a municipality."""
        first, last = np.searchsorted(self._sorted[1], (municipality, municipality + 1))
        units = self._sorted[0][first:last]
        return np.asarray(units[units != unit])

    def unit_names(self, units: IntArray) -> tuple[str, ...]:
        """Return the identifiers of units."""
        return tuple(self._names[unit] for unit in units.tolist())

    @cached_property
    def calendar(self) -> MoveInCalendar:
        """The days on which the units of the plan move in, and what is left beside them."""
        return self.problem.calendar(self.choice)

    @cached_property
    def remaining_capacity(self) -> RemainingCapacity:
        """What the plan leaves of every resource."""
        return RemainingCapacity.after_placing(self.problem, self.choice)

    def _capacity_without_rule(self, rule: str) -> RemainingCapacity:
        """Return what the plan leaves in the policy without a rule; only what changes is new."""
        if rule not in self._capacities:
            selection = self.problem.selection
            changed = selection.budgets_changed_without(rule)
            part = replace(self.problem, selection=replace(selection, budgets=changed))
            other = self.remaining_capacity.without({rule, *(b.id for b in changed)})
            new = RemainingCapacity.after_placing(part, self.choice)
            self._capacities[rule] = RemainingCapacity(
                other.resources + new.resources, other.remaining + new.remaining
            )
        return self._capacities[rule]

    @cached_property
    def _capacities(self) -> dict[str, RemainingCapacity]:
        return {}

    @cached_property
    def _places_by_year(self) -> IntArray:
        """Places beside the plan for who can move this year, and who cannot; at times below 0."""
        return self.problem.open_places_by_year(self.choice)

    @cached_property
    def _names(self) -> list[str]:
        return [str(name) for name in self.problem.households.id]

    @cached_property
    def _sorted(self) -> tuple[IntArray, IntArray]:
        """Rows of units, sorted by their municipality in the plan, and these municipalities."""
        order = np.argsort(self.choice, kind="stable")
        return order, self.choice[order]


def remaining_places(
    problem: Problem, choice: Choice, unit: int, without_rule: str | None = None
) -> IntArray:
    """Return how many more persons can come beside a plan, shape (municipalities,); at least 0.

    Parameters
    ----------
    unit : int
        Row of a placing unit: the places are those of the year in which it can move.
    without_rule : str or None
        A rule that is disregarded.
    """
    late = bool(problem.moving_next_year[unit])
    return np.asarray(np.maximum(problem.open_places_without(without_rule, choice, late), 0))
