"""Dates of households: settlement-ready since, deadline, and earliest move."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from instances.draws import Draws, Mask, Whole
from instances.people.people import People
from instances.profile import QueueRules


@dataclass(frozen=True, eq=False)
class Waiting:
    """Days of each household, counted from today, shape (households,).

    Parameters
    ----------
    waited : int array
        Days since settlement-ready; negative means that the date is in the future.
    due : int array
        Days until the deadline where ``has_deadline``; negative is overdue.
    until_move : int array
        Days until the household can move; 0 is now.
    """

    waited: Whole
    has_deadline: Mask
    due: Whole
    until_move: Whole

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

    def earliest_moves(self, today: date) -> list[date | None]:
        """Return the first days on which households can move, None for now."""
        return [today + timedelta(days) if days else None for days in self.until_move.tolist()]


def draw_waiting(people: People, rules: QueueRules, draws: Draws) -> Waiting:
    """Draw the days of every household; no household can move before it is settlement-ready."""
    number = people.households
    everyone = np.ones(number, dtype=np.bool_)
    waited = draws.stream("waited").tabled(rules.waiting_days, number, rules.waiting_from)
    children = people.structure.count(people.age < 18) > 0
    allowed = np.where(children, rules.deadline_days_children, rules.deadline_days_others)
    later = draws.stream("later").some(everyone, rules.earliest_move)
    wait = np.where(later, draws.stream("move").between(7, 60, number), 0)
    return Waiting(
        waited=waited,
        has_deadline=draws.stream("deadline").some(everyone, rules.deadline),
        due=allowed - waited,
        until_move=np.maximum(np.maximum(0, -waited), wait),
    )
