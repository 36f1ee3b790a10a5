"""The answer to a what-if: two plans of one queue, measured alike."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matcher.compare import Comparison, changes, measure
from matcher.domain import Instance, Plan
from matcher.errors import TreffsikkerError
from matcher.policy import Policy
from matcher.problem import Problem
from matcher.program import UNPLACED, Choice
from matcher.solve import Progress, Result, Stop, solve
from matcher.tables import IntArray
from matcher.what_if.changes import Changes


class NoAnswerError(TreffsikkerError):
    """No plan was found in time."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A municipality that gets more persons, or fewer.

    Parameters
    ----------
    number, name : str
    first, second : int
        Persons placed there by tonight's plan, and by the other.
    """

    number: str
    name: str
    first: int
    second: int


@dataclass(frozen=True, eq=False)
class WhatIf:
    """What would be different.

    Parameters
    ----------
    comparison : Comparison
        Tonight's plan first. Both are measured by the policy in force, so that points mean the
        same; each on its own circumstances.
    shifts : tuple of Shift
        Municipalities whose number of persons differs, by number.
    result : Result
        Of the other plan: its gap, its hashes.
    """

    comparison: Comparison
    shifts: tuple[Shift, ...]
    result: Result


def what_if(
    instance: Instance,
    policy: Policy,
    plan: Plan,
    different: Changes,
    *,
    seed: int = 0,
    stop: Stop | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> WhatIf:
    """Plan tonight's queue again with something different, and compare.

    Tonight's plan counts as proposed: a household gets another municipality only where that
    gains the policy's threshold of stability. Otherwise ties would look like effects.

    Parameters
    ----------
    instance : Instance
        As tonight's plan was made on.
    policy : Policy
        In force: what both plans are measured by.
    plan : Plan
        Tonight's.
    different : Changes
    seed : int
    stop : Stop or None
    progress : callable or None
        Told where the solve stands.

    Raises
    ------
    NoAnswerError
        When no plan was found in time.
    UnknownHouseholdError, UnknownMunicipalityError, PolicyError, UnusableChangeError
        When something cannot be different in this way.
    """
    tonight = Problem.of(instance, policy)
    other = different.of_instance(instance)
    again = Problem.of(other.replace(earlier_plan=plan), different.of_policy(policy))
    result = solve(again, seed=seed, stop=stop, progress=progress)
    if result.choice is None or result.plan is None:
        raise NoAnswerError("no plan was found in time; give more seconds")
    first, second = tonight.choice(plan), result.choice
    comparison = Comparison(
        measure(tonight, first), measure(Problem.of(other, policy), second),
        changes(plan, result.plan),
    )  # fmt: skip
    return WhatIf(comparison, _shifts(tonight, first, second), result)


def _shifts(problem: Problem, first: Choice, second: Choice) -> tuple[Shift, ...]:
    one, other = _persons(problem, first), _persons(problem, second)
    m = problem.municipalities
    return tuple(
        Shift(str(m.number[j]), str(m.name[j]), int(one[j]), int(other[j]))
        for j in np.flatnonzero(one != other)
    )


def _persons(problem: Problem, choice: Choice) -> IntArray:
    """Persons placed in each municipality, shape (municipalities,)."""
    placed = choice != UNPLACED
    size = problem.households.size[placed]
    found = np.zeros(len(problem.municipalities), dtype=np.int64)
    np.add.at(found, choice[placed], size)
    return found
