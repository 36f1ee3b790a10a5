"""The last complete night: the problem it solved, its plan and its prices."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

import numpy as np

from api.live.problem_update import changed_households
from matcher.domain.household import Household
from matcher.domain.instance import Instance
from matcher.domain.placement import Plan
from matcher.problem.problem import Problem
from matcher.problem.program import UNPLACED, Choice
from matcher.ranking.price_list import PriceList


@dataclass(frozen=True, eq=False)
class CompletedNight:
    """A complete night.

    Parameters
    ----------
    run : str
        Identifier of its run.
    day : date
        The day for which it planned.
    based_on : int
        Identifier of the latest event that it knew.
    ended_at : datetime
        When it was completed.
    problem : Problem
        The problem that it solved.
    prices : PriceList or None
        What places were worth to the rest of the queue; None when no prices were found.
    plan : Plan
    """

    run: str
    day: date
    based_on: int
    ended_at: datetime
    problem: Problem
    prices: PriceList | None
    plan: Plan

    @cached_property
    def policy_hash(self) -> str:
        """Hash of the policy that it planned under."""
        return self.problem.policy.hash

    def with_shared_households(self, instance: Instance) -> "CompletedNight":
        """Return the same night, with the household objects of an instance where they are equal."""
        current = {h.id: h for h in instance.households}
        old = self.problem.instance
        queue = tuple(current[h.id] if current.get(h.id) == h else h for h in old.households)
        return replace(self, problem=replace(self.problem, instance=old.replace(households=queue)))

    def with_suggestions(self, instance: Instance) -> Instance:
        """Return an instance with the suggestions that the night knew, as it counted them."""
        return instance.replace(suggestions=self.problem.instance.suggestions)

    def remaining_placements(self, instance: Instance) -> dict[str, str]:
        """Return the placements of the plan that are still valid: municipality by household.

        A placement is left out when a caseworker has since ruled the municipality out, or pinned
        the household elsewhere.
        """
        planned = dict(self.plan.municipality_of)
        for household in changed_households(self.problem.instance, instance):
            if _ruled_out(household, planned.get(household.id)):
                del planned[household.id]
        return planned

    def proposed_since(self, instance: Instance) -> dict[str, str]:
        """Return open proposals that the night did not know: municipality number by household."""
        known = self.problem.instance.earlier_plan.municipality_of
        proposals = instance.earlier_plan.municipality_of
        return {h: number for h, number in proposals.items() if known.get(h) != number}

    def current_choice(self, problem: Problem) -> Choice:
        """Return where placing units are to go now, as rows of the current problem.

        Proposals made since the night replace its plan. Linked households whose placements
        disagree get no place.
        """
        rows, proposed = problem.households.row_of, self.proposed_since(problem.instance)
        decided = {rows[h] for h in proposed if h in rows}
        planned = self.remaining_placements(problem.instance)
        undecided = {h: number for h, number in planned.items() if rows.get(h) not in decided}
        return _choice(problem, {**undecided, **proposed})


def _choice(problem: Problem, placements: Mapping[str, str]) -> Choice:
    units, rows = problem.households.row_of, problem.municipalities.row_of
    choice = np.full(len(problem.households), UNPLACED, dtype=np.int64)
    split = set()
    for household, number in placements.items():
        unit, row = units.get(household), rows.get(number)
        if unit is None or row is None:
            continue
        if choice[unit] not in (UNPLACED, row):
            split.add(unit)
        choice[unit] = row
    choice[list(split)] = UNPLACED
    return choice


def _ruled_out(household: Household, number: str | None) -> bool:
    if number is None:
        return False
    pinned = household.pinned_to not in (None, number)
    return pinned or any(ban.municipality == number for ban in household.bans)
