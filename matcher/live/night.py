"""The last complete night: what it planned on, its plan and what places were worth."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np

from matcher.domain import Household, Instance, Plan
from matcher.live.after import changed
from matcher.price_list import PriceList
from matcher.problem import Problem
from matcher.program import UNPLACED, Choice


@dataclass(frozen=True, eq=False)
class Night:
    """A complete night.

    Parameters
    ----------
    run : str
        Identifier of its run.
    day : date
        The day it planned for.
    based_on : int
        The latest event it knew of.
    ended_at : datetime
        When it was complete.
    problem : Problem
        What it planned on.
    prices : PriceList or None
        What places were worth to the rest; None when it found no prices.
    plan : Plan
    """

    run: str
    day: date
    based_on: int
    ended_at: datetime
    problem: Problem
    prices: PriceList | None
    plan: Plan

    def sharing(self, instance: Instance) -> "Night":
        """Give the same night with the very households of an instance where they are equal."""
        now = {h.id: h for h in instance.households}
        old = self.problem.instance
        queue = tuple(now[h.id] if now.get(h.id) == h else h for h in old.households)
        return replace(self, problem=replace(self.problem, instance=old.replace(households=queue)))

    def standing(self, instance: Instance) -> dict[str, str]:
        """What of the plan still stands: municipality number by household.

        Nothing that a person has decided otherwise since: ruled out, pinned or proposed elsewhere.
        """
        planned = dict(self.plan.municipality_of)
        for household in changed(self.problem.instance, instance):
            if _ruled_out(household, planned.get(household.id)):
                del planned[household.id]
        return planned

    def proposed_since(self, instance: Instance) -> dict[str, str]:
        """Open proposals that the night did not know of, likewise."""
        then = self.problem.instance.earlier_plan.municipality_of
        now = instance.earlier_plan.municipality_of
        return {h: number for h, number in now.items() if then.get(h) != number}

    def choice(self, problem: Problem) -> Choice:
        """Where placing units are meant to go by now, as rows of a problem of now.

        What has been proposed since goes before the plan. Linked households that would come
        apart stay without a place.
        """
        rows, proposed = problem.households.row_of, self.proposed_since(problem.instance)
        decided = {rows[h] for h in proposed if h in rows}
        planned = self.standing(problem.instance)
        rest = {h: number for h, number in planned.items() if rows.get(h) not in decided}
        return _choice(problem, {**rest, **proposed})


def _choice(problem: Problem, where: Mapping[str, str]) -> Choice:
    units, rows = problem.households.row_of, problem.municipalities.row_of
    out = np.full(len(problem.households), UNPLACED, dtype=np.int64)
    apart = set()
    for household, number in where.items():
        unit, row = units.get(household), rows.get(number)
        if unit is None or row is None:
            continue
        if out[unit] not in (UNPLACED, row):
            apart.add(unit)
        out[unit] = row
    out[list(apart)] = UNPLACED
    return out


def _ruled_out(household: Household, number: str | None) -> bool:
    if number is None:
        return False
    pinned = household.pinned_to not in (None, number)
    return pinned or any(ban.municipality == number for ban in household.bans)
