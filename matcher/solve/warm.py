"""Planning again from an earlier plan: what of it still holds, and what is left to place.

One household more, a place less, a pin: most of a plan stays as it is, and so do most prices.
"""

from dataclasses import dataclass

import numpy as np

from matcher.domain import Plan
from matcher.errors import UnknownHouseholdError, UnknownMunicipalityError
from matcher.problem import Problem
from matcher.program import UNPLACED, Choice, Program, Resource, totals
from matcher.solve.greedy import fewest_first, place_in_order
from matcher.solve.prices import Prices
from matcher.tables import IntArray


@dataclass(frozen=True, eq=False)
class Warm:
    """An earlier plan in the rows of a new problem.

    Parameters
    ----------
    choice : int array, shape (units,)
        Where each unit was; ``UNPLACED`` for new ones.
    prices : Prices or None
        The earlier prices, in the shape of the new program.
    gap : float
        The gap that the earlier plan had to the bound at its prices: where it was larger than
        the one asked for, it is good enough again.
    """

    choice: Choice
    prices: Prices | None = None
    gap: float = 0.0

    @classmethod
    def of(
        cls, problem: Problem, plan: Plan, prices: Prices | None = None, gap: float = 0.0
    ) -> "Warm":
        """Find an earlier plan in a new problem; who or what is no longer there is left out."""
        choice = np.full(len(problem.households), UNPLACED, dtype=np.int64)
        for placement in plan:
            try:
                unit = problem.unit(placement.household)
                choice[unit] = problem.municipality(placement.municipality)
            except (UnknownHouseholdError, UnknownMunicipalityError):
                continue
        return cls(choice, prices if prices and fits(prices, problem.program) else None, gap)

    def start(self, program: Program) -> Choice:
        """Keep what still holds, and place the others beside it where they fit."""
        choice = _kept(program, self.choice)
        order = fewest_first(program)
        return place_in_order(program, order[choice[order] == UNPLACED], beside=choice)


def fits(prices: Prices, program: Program) -> bool:
    """Whether prices have the shape of a program."""
    wanted = [r.limit.shape for r in program.resources], [s.base.shape for s in program.spreads]
    return wanted == ([p.shape for p in prices.resources], [p.shape for p in prices.spreads])


def _kept(program: Program, choice: Choice) -> Choice:
    """Leave out pairs that are closed now, and the last of the queue where limits are passed."""
    units = np.arange(len(choice))
    out = np.where((choice != UNPLACED) & program.open[units, choice], choice, UNPLACED)
    for resource in program.resources:
        for group in _over(resource, out):
            there = np.flatnonzero((out != UNPLACED) & (resource.group[out] == group))
            used = resource.use[there].cumsum(axis=0)
            out[there[(used > resource.limit[group]).any(axis=1)]] = UNPLACED
    return out


def _over(resource: Resource, choice: Choice) -> IntArray:
    """Groups that use more than there is."""
    used = totals(resource, choice, len(resource.limit))
    return np.flatnonzero((used > resource.limit).any(axis=1))
