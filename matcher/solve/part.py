"""A part of a program: some units are free, all others stay where they are."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from matcher.program import UNPLACED, Choice, Program, Resource, Spread, totals
from matcher.tables import IntArray


def part_of(program: Program, choice: Choice, units: IntArray) -> Program:
    """Give the program of some units while all others stay where a choice has them.

    Its values are those of the whole, less what the others are worth by themselves.

    Parameters
    ----------
    program : Program
    choice : int array, shape (units,)
    units : int array, shape (free,)
        Rows of the units that are free.
    """
    others = choice.copy()
    others[units] = UNPLACED
    terms: Mapping[int, Mapping[str, IntArray]] = {
        1: {"weight": program.weight[units, None]},
        2: {"points": program.points[units]},
    }
    return Program(
        allowed=program.allowed[units],
        fits=program.fits[units],
        terms=terms,
        resources=tuple(_left(r, others, units) for r in program.resources),
        spreads=tuple(_from(s, others, units) for s in program.spreads),
        size=program.size[units],
        waited=program.waited[units],
    )


def _left(resource: Resource, others: Choice, units: IntArray) -> Resource:
    """What the others leave of a resource."""
    used = totals(resource, others, len(resource.limit))
    return replace(resource, use=resource.use[units], limit=resource.limit - used)


def _from(spread: Spread, others: Choice, units: IntArray) -> Spread:
    """Costs of totals from what the others add up to."""
    used = totals(spread, others, len(spread.base))
    passed = spread.breakpoint <= used[:, :, None]
    return Spread(
        spread.id,
        spread.use[units],
        spread.group,
        spread.cost(used),
        spread.slope_at(used),
        np.where(passed, 0, spread.breakpoint - used[:, :, None]),
        np.where(passed, 0, spread.step),
    )
