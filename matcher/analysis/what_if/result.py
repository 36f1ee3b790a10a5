"""Solve a what-if: the queue planned again under changed circumstances, and set beside tonight."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from matcher.analysis.compare import (
    Measures,
    PlacementChange,
    PointsDifference,
    list_changes,
    measure,
    points_between,
)
from matcher.analysis.what_if.changes import QUESTIONS, WhatIfChanges, WhatIfQuestion
from matcher.analysis.what_if.limits import LimitAfterChange, limits_after_change
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
from matcher.solve.warm_start import WarmStart


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
class WhatIfPlan:
    """The plan that answers one question.

    Parameters
    ----------
    question : WhatIfQuestion
    problem : Problem
        What was solved.
    result : Result
        The plan, with its own gap and proof.
    measures : Measures
        The plan under the policy in force, after the change.
    changes : tuple of PlacementChange
        Households whose municipality differs from tonight's plan.
    shifts : tuple of MunicipalityShift
        Municipalities whose number of persons differs, by number.
    limits : tuple of LimitAfterChange
        Limits that hold back municipalities whose ledgers were changed, although the change did
        not set them.
    """

    question: WhatIfQuestion
    problem: Problem
    result: Result
    measures: Measures
    changes: tuple[PlacementChange, ...]
    shifts: tuple[MunicipalityShift, ...]
    limits: tuple[LimitAfterChange, ...]


@dataclass(frozen=True, eq=False)
class WhatIfAnswer:
    """The answer to a what-if: what would be different.

    Everything is measured under the policy in force, without points for keeping suggestions.

    Parameters
    ----------
    tonight : Measures
        Tonight's plan as things are.
    tonight_after_change : Measures
        The same plan after the change: nobody moves, but targets of dispersion do.
    plans : tuple of WhatIfPlan
        One for each question that was asked.
    """

    tonight: Measures
    tonight_after_change: Measures
    plans: tuple[WhatIfPlan, ...]

    @property
    def target_shift(self) -> PointsDifference:
        """What the change does to the points of tonight's plan although nobody moves."""
        return points_between(self.tonight, self.tonight_after_change)

    def plan_difference(self, plan: WhatIfPlan) -> PointsDifference:
        """Return what a plan brings over tonight's plan, both measured after the change."""
        return points_between(self.tonight_after_change, plan.measures)


@dataclass(frozen=True, eq=False)
class WhatIf:
    """A change of tonight's circumstances, and the problems that follow from it.

    Parameters
    ----------
    instance : Instance
        The instance of tonight's plan.
    policy : Policy
        The policy in force, by which everything is measured.
    plan : Plan
        Tonight's.
    requested_changes : WhatIfChanges
    """

    instance: Instance
    policy: Policy
    plan: Plan
    requested_changes: WhatIfChanges

    def solve(self, question: WhatIfQuestion, **solve_options: Any) -> WhatIfPlan:
        """Answer one question.

        Parameters
        ----------
        question : WhatIfQuestion
        **solve_options
            As :func:`~matcher.solve.solver.solve` takes them: with those of tonight's plan, the
            answer is what the next night would do, or what planning these files afresh gives.

        Raises
        ------
        NoWhatIfPlanError
            When no plan was found in time.
        UnknownHouseholdError, UnknownMunicipalityError, PolicyError, UnusableChangeError
            When a change is not possible.
        """
        problem = self._problem(question)
        warm = WarmStart.from_last_named(problem, problem.instance)
        result = solve(problem, warm=warm, **solve_options)
        if result.choice is None or result.plan is None:
            raise NoWhatIfPlanError("no plan was found in time; give more seconds")
        return WhatIfPlan(
            question,
            problem,
            result,
            measure(self._changed, result.choice),
            list_changes(self.plan, result.plan),
            _shifts(self._tonight, self._tonight.to_choice(self.plan), result.choice),
            limits_after_change(
                self._tonight, problem, result.choice, sorted(self.requested_changes.ledgers)
            ),
        )

    def answer(self, plans: Sequence[WhatIfPlan]) -> WhatIfAnswer:
        """Set the plans of the questions beside tonight's plan."""
        choice = self._tonight.to_choice(self.plan)
        before, after = (measure(problem, choice) for problem in (self._tonight, self._changed))
        return WhatIfAnswer(before, after, tuple(plans))

    def _problem(self, question: WhatIfQuestion) -> Problem:
        policy = self.requested_changes.apply_to_policy(self.policy)
        if question is WhatIfQuestion.AFRESH:
            return Problem.of(self._changed.instance, policy)
        return Problem.of(self._changed.instance.replace(suggestions=self.plan), policy)

    @cached_property
    def _tonight(self) -> Problem:
        """The yardstick as things are."""
        return Problem.of(self.instance.replace(suggestions=Plan()), self.policy)

    @cached_property
    def _changed(self) -> Problem:
        """The yardstick after the change."""
        changed = self.requested_changes.apply_to_instance(self._tonight.instance)
        return Problem.of(changed, self.policy)


def solve_what_if(
    instance: Instance,
    policy: Policy,
    plan: Plan,
    requested_changes: WhatIfChanges,
    *,
    questions: Sequence[WhatIfQuestion] = QUESTIONS,
    seed: int = 0,
    stop: StopCriteria | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> WhatIfAnswer:
    """Plan tonight's queue again under changed circumstances, and compare with tonight's plan.

    Parameters
    ----------
    instance : Instance
        The instance of tonight's plan.
    policy : Policy
        The policy in force, by which everything is measured.
    plan : Plan
        Tonight's.
    requested_changes : WhatIfChanges
    questions : sequence of WhatIfQuestion
        Both unless given.
    seed : int
    stop : StopCriteria or None
        Of each question.
    progress : callable or None
        Called with the progress of each solve.

    Raises
    ------
    NoWhatIfPlanError
        When no plan was found in time.
    UnknownHouseholdError, UnknownMunicipalityError, PolicyError, UnusableChangeError
        When a change is not possible.
    """
    what_if = WhatIf(instance, policy, plan, requested_changes)
    options = {"seed": seed, "stop": stop, "progress": progress}
    return what_if.answer([what_if.solve(question, **options) for question in questions])


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
