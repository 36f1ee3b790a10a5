"""Dates of households: settlement-ready since, deadline, and earliest move."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from instances.people.population import Population
from instances.profile import QueueParameters
from instances.random_stream import BoolMask, Int64Array, RandomStream


@dataclass(frozen=True, eq=False)
class WaitingTimes:
    """Days of each household, counted from today, shape (households,).

    Parameters
    ----------
    waited : int array
        Days since settlement-ready; negative means that the date is in the future.
    due : int array
        Days until the deadline where ``has_deadline``; negative is overdue.
    permitted : int array
        Days since the residence permit, where ``has_deadline``.
    until_move : int array
        Days until the household can move; 0 is now.
    """

    waited: Int64Array
    has_deadline: BoolMask
    due: Int64Array
    permitted: Int64Array
    until_move: Int64Array

    def ready_since(self, today: date) -> list[date]:
        """Return the settlement-ready dates."""
        return [today - timedelta(days) for days in self.waited.tolist()]

    def deadlines(self, today: date) -> list[date | None]:
        """Return the deadlines, None for households without a deadline."""
        return [
            today + timedelta(days) if has_deadline else None
            for days, has_deadline in zip(
                self.due.tolist(), self.has_deadline.tolist(), strict=True
            )
        ]

    def permissions(self, today: date) -> list[date | None]:
        """Return the days of the residence permits, None where they are not known."""
        return [
            today - timedelta(days) if known else None
            for days, known in zip(self.permitted.tolist(), self.has_deadline.tolist(), strict=True)
        ]

    def earliest_moves(self, today: date) -> list[date | None]:
        """Return the first days on which households can move, None for now."""
        return [today + timedelta(days) if days else None for days in self.until_move.tolist()]


def draw_waiting(people: Population, rules: QueueParameters, draws: RandomStream) -> WaitingTimes:
    """Draw the days of every household; no household can move before it is settlement-ready."""
    number = people.households
    everyone = np.ones(number, dtype=np.bool_)
    waited = draws.substream("waited").integers_from_steps(
        rules.waiting_days, number, rules.waiting_from
    )
    children = people.structure.count_by_household(people.age < 18) > 0
    allowed = np.where(children, rules.deadline_days_children, rules.deadline_days_others)
    later = draws.substream("later").sample_share(everyone, rules.earliest_move)
    wait = np.where(later, draws.substream("move").integers_between(7, 60, number), 0)
    return WaitingTimes(
        waited=waited,
        has_deadline=draws.substream("deadline").sample_share(everyone, rules.deadline),
        due=allowed - waited,
        permitted=waited + draws.substream("permission").integers_between(7, 45, number),
        until_move=np.maximum(np.maximum(0, -waited), wait),
    )
