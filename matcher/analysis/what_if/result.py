"""Solve a what-if: two plans of one queue, compared by the same measures."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matcher.analysis.compare import Comparison, list_changes, measure
from matcher.analysis.what_if.changes import WhatIfChanges
from matcher.domain.errors import TreffsikkerError
from matcher.domain.instance import Instance
from matcher.domain.placement import Plan
from matcher.domain.tables.array_types import IntArray
from matcher.policy.policy import Policy
from matcher.problem.problem import Problem
from matcher.problem.program import UNPLACED, Choice
from matcher.solve.result import Result
from matcher.solve.solver import solve
from matcher.solve.stopping import Progress, StopCriteria


class NoWhatIfPlanError(TreffsikkerError):
    """No plan was found in time."""


@dataclass(frozen=True, slots=True)
class MunicipalityShift:
    """A municipality that gets more or fewer persons.

    Parameters
    ----------
    number, name : str
    first, second : int
        Persons placed there by tonight's plan, and by the changed plan.
    """

    number: str
    name: str
    first: int
    second: int


@dataclass(frozen=True, eq=False)
class WhatIfResult:
    """The result of a what-if: what would be different.

    Parameters
    ----------
    comparison : Comparison
        Tonight's plan is the first. Both plans are measured by the policy in force, so that their
        points are comparable, but each on its own instance.
    shifts : tuple of MunicipalityShift
        Municipalities whose number of persons differs, by number.
    result : Result
        The result of the changed plan, with its gap and hashes.
    """

    comparison: Comparison
    shifts: tuple[MunicipalityShift, ...]
    result: Result


def solve_what_if(
    instance: Instance,
    policy: Policy,
    plan: Plan,
    requested_changes: WhatIfChanges,
    *,
    seed: int = 0,
    stop: StopCriteria | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> WhatIfResult:
    """Plan tonight's queue again under changed circumstances, and compare the plans.

    Tonight's plan counts as proposed: a household gets another municipality only where the gain
    reaches the policy's stability threshold. Otherwise, ties would look like effects.

    Parameters
    ----------
    instance : Instance
        The instance of tonight's plan.
    policy : Policy
        The policy in force, by which both plans are measured.
    plan : Plan
        Tonight's.
    requested_changes : WhatIfChanges
    seed : int
    stop : StopCriteria or None
    progress : callable or None
        Called with the progress of the solve.

    Raises
    ------
    NoWhatIfPlanError
        When no plan was found in time.
    UnknownHouseholdError, UnknownMunicipalityError, PolicyError, UnusableChangeError
        When a change is not possible.
    """
    tonight = Problem.of(instance, policy)
    changed_instance = requested_changes.apply_to_instance(instance)
    # Tonight's plan counts as proposed for stability alone: it asks no municipality for places.
    changed_policy = requested_changes.apply_to_policy(policy).without("places_asked_for")
    changed_problem = Problem.of(changed_instance.replace(earlier_plan=plan), changed_policy)
    result = solve(changed_problem, seed=seed, stop=stop, progress=progress)
    if result.choice is None or result.plan is None:
        raise NoWhatIfPlanError("no plan was found in time; give more seconds")
    first, second = tonight.to_choice(plan), result.choice
    comparison = Comparison(
        measure(tonight, first),
        measure(Problem.of(changed_instance, policy), second),
        list_changes(plan, result.plan),
    )
    return WhatIfResult(comparison, _shifts(tonight, first, second), result)


def _shifts(problem: Problem, first: Choice, second: Choice) -> tuple[MunicipalityShift, ...]:
    before, after = _persons(problem, first), _persons(problem, second)
    m = problem.municipalities
    return tuple(
        MunicipalityShift(str(m.number[j]), str(m.name[j]), int(before[j]), int(after[j]))
        for j in np.flatnonzero(before != after)
    )


def _persons(problem: Problem, choice: Choice) -> IntArray:
    """Persons placed in each municipality, shape (municipalities,)."""
    placed = choice != UNPLACED
    size = problem.households.size[placed]
    persons = np.zeros(len(problem.municipalities), dtype=np.int64)
    np.add.at(persons, choice[placed], size)
    return persons
