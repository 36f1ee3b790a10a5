"""Warm start: solve again from an earlier plan.

After a small change, such as a new household, a lost place or a pin, most of a plan stays valid,
and most prices stay the same.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from matcher.domain.errors import UnknownHouseholdError, UnknownMunicipalityError
from matcher.domain.instance import Instance
from matcher.domain.placement import Placement, Plan
from matcher.domain.tables.array_types import IntArray
from matcher.problem.prices import Prices
from matcher.problem.program import UNPLACED, Choice, Program, Resource, sum_use
from matcher.solve.construction import order_by_fewest_options, place_in_order


class PlanRows(Protocol):
    """What translates a plan into rows of a program, as a ``Problem`` does."""

    @property
    def program(self) -> Program:
        """The program."""
        ...

    def unit_row(self, household: str) -> int:
        """Return the row of a household's unit."""
        ...

    def municipality_row(self, municipality: str) -> int:
        """Return the row of a municipality."""
        ...


@dataclass(frozen=True, eq=False)
class WarmStart:
    """An earlier plan in the rows of a new problem.

    Parameters
    ----------
    choice : int array, shape (units,)
        Municipality of each unit in the earlier plan; ``UNPLACED`` for new units.
    prices : Prices or None
        The earlier prices, in the shape of the new program.
    gap : float
        Gap between the earlier plan and the bound at its prices. Where it is larger than the gap
        asked for, it is accepted again.
    """

    choice: Choice
    prices: Prices | None = None
    gap: float = 0.0

    @classmethod
    def from_plan(
        cls, problem: PlanRows, plan: Plan, prices: Prices | None = None, gap: float = 0.0
    ) -> "WarmStart":
        """Translate an earlier plan; households and municipalities that are gone are left out."""
        choice = np.full(problem.program.shape[0], UNPLACED, dtype=np.int64)
        for placement in plan:
            try:
                unit = problem.unit_row(placement.household)
                choice[unit] = problem.municipality_row(placement.municipality)
            except (UnknownHouseholdError, UnknownMunicipalityError):
                continue
        return cls(
            choice, prices if prices and prices_fit_program(prices, problem.program) else None, gap
        )

    @classmethod
    def from_last_named(cls, problem: PlanRows, instance: Instance) -> "WarmStart | None":
        """Start from what an instance names last for each household; None without suggestions.

        Open proposals, and else the suggestions of the night before. It comes from the instance
        alone, so that a night, its repetition, a what-if about it and planning its files start
        alike.
        """
        if not instance.suggestions.placements:
            return None
        plans = instance.suggestions.municipality_of, instance.earlier_plan.municipality_of
        placements = {**plans[0], **plans[1]}.items()
        return cls.from_plan(problem, Plan(tuple(Placement(*pair) for pair in placements)))

    def build_start_plan(self, program: Program) -> Choice:
        """Build a start plan: keep valid placements, then place other units where they fit."""
        choice = _drop_invalid(program, self.choice)
        order = order_by_fewest_options(program)
        return place_in_order(program, order[choice[order] == UNPLACED], placed=choice)


def prices_fit_program(prices: Prices, program: Program) -> bool:
    """Return whether prices have the shapes of a program."""
    shapes = [r.limit.shape for r in program.resources], [s.base.shape for s in program.spreads]
    return shapes == ([p.shape for p in prices.resources], [p.shape for p in prices.spreads])


def _drop_invalid(program: Program, choice: Choice) -> Choice:
    """Drop placements in closed pairs, and the last of the queue where limits are exceeded."""
    units = np.arange(len(choice))
    out = np.where((choice != UNPLACED) & program.feasible_pairs[units, choice], choice, UNPLACED)
    for resource in program.resources:
        for group in _exceeded_groups(resource, out):
            units_in_group = np.flatnonzero((out != UNPLACED) & (resource.group[out] == group))
            used = resource.use[units_in_group].cumsum(axis=0)
            out[units_in_group[(used > resource.limit[group]).any(axis=1)]] = UNPLACED
    return out


def _exceeded_groups(resource: Resource, choice: Choice) -> IntArray:
    """Return the groups whose use exceeds the limit."""
    used = sum_use(resource, choice, len(resource.limit))
    return np.flatnonzero((used > resource.limit).any(axis=1))
