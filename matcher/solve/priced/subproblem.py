"""Subproblem of a program: some units are free, all other units keep their places."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from matcher.domain.tables.array_types import IntArray
from matcher.problem.program import UNPLACED, Choice, Program, Resource, Spread, sum_use
from matcher.solve.level_problem import Level1Hold, LevelProblem


def build_subproblem(program: Program, choice: Choice, units: IntArray) -> Program:
    """Build the program of some units while all other units stay where a choice has them.

    Its values are those of the whole program, less the pair values of the fixed units.

    Parameters
    ----------
    program : Program
    choice : int array, shape (units,)
    units : int array, shape (free,)
        Rows of the units that are free.
    """
    fixed = choice.copy()
    fixed[units] = UNPLACED
    terms: Mapping[int, Mapping[str, IntArray]] = {
        1: {"weight": program.weight[units, None]},
        2: {"points": program.pair_values[units]},
    }
    return Program(
        allowed=program.allowed[units],
        fits=program.fits[units],
        terms=terms,
        resources=tuple(_remaining_resource(r, fixed, units) for r in program.resources),
        spreads=tuple(_remaining_spread(s, fixed, units) for s in program.spreads),
        size=program.size[units],
        days_waited=program.days_waited[units],
    )


def subproblem_hold(question: LevelProblem, choice: Choice, units: IntArray) -> Level1Hold:
    """Return what freed units must keep of level 1 while all others stay in a choice."""
    hold, weight = question.hold, question.columns.program.weight
    if hold.min_weight is None:
        return Level1Hold(None, hold.required_units[units])
    fixed_placed = choice != UNPLACED
    fixed_placed[units] = False
    return Level1Hold(
        max(0, hold.min_weight - int(weight[fixed_placed].sum())), hold.required_units[units]
    )


def _remaining_resource(resource: Resource, fixed: Choice, units: IntArray) -> Resource:
    """Return a resource with the limit that the fixed units leave."""
    used = sum_use(resource, fixed, len(resource.limit))
    return replace(resource, use=resource.use[units], limit=resource.limit - used)


def _remaining_spread(spread: Spread, fixed: Choice, units: IntArray) -> Spread:
    """Return a spread whose totals count from the totals of the fixed units."""
    used = sum_use(spread, fixed, len(spread.base))
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
