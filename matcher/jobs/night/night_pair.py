"""A night and the night before it: queues, plans and events between them, in tonight's rows."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from matcher.domain.tables.array_types import IntArray
from matcher.domain.tables.vocabulary import split_unit
from matcher.jobs.night.night_run import MissingOutputError, NightRun
from matcher.problem.problem import Problem
from matcher.problem.program import UNPLACED, Choice
from matcher.store import tables
from matcher.store.errors import ErasedError
from matcher.store.events import Event, read_events
from matcher.store.household_state import HouseholdState


@dataclass(frozen=True, eq=False)
class NightPair:
    """A night and the night that was in force when it began.

    Parameters
    ----------
    night, previous : NightRun
    """

    night: NightRun
    previous: NightRun

    @cached_property
    def queue(self) -> Mapping[str, int]:
        """Persons by household of the queue of this night."""
        persons: Mapping[str, int] = self.night.read_json_output("instance")["households"]
        return persons

    @cached_property
    def previous_queue(self) -> Mapping[str, int]:
        """Persons by household of the queue of the previous night."""
        persons: Mapping[str, int] = self.previous.read_json_output("instance")["households"]
        return persons

    @cached_property
    def plans(self) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Municipality by household: the previous plan, then this one."""
        return (
            self.previous.saved_result.plan.municipality_of,
            self.night.saved_result.plan.municipality_of,
        )

    @property
    def differing(self) -> list[str]:
        """Households of both nights whose municipality differs."""
        old, new = self.plans
        both = (household for household in self.queue if household in self.previous_queue)
        return [h for h in both if old.get(h) != new.get(h)]

    @property
    def gone(self) -> list[str]:
        """Households of the previous night that are no longer in the queue."""
        return [household for household in self.previous_queue if household not in self.queue]

    @cached_property
    def other_policy(self) -> bool:
        """Whether the policy is another."""
        return bool(self.previous.parameters.policy.hash != self.night.parameters.policy.hash)

    @cached_property
    def events(self) -> Mapping[str, list[Event]]:
        """Events since the previous night, by household and by municipality."""
        columns = tables.events.c
        since: dict[str, list[Event]] = defaultdict(list)
        upto, after = self.night.run.based_on or 0, self.previous.run.based_on or 0
        with self.night.store.read_transaction() as connection:
            for event in read_events(connection, columns.id > after, columns.id <= upto):
                for subject in (event.household, event.municipality):
                    if subject is not None:
                        since[subject].append(event)
        return since

    def kinds_of(self, subject: str | None) -> list[str]:
        """Kinds of the events since the previous night about a household or municipality."""
        return list(dict.fromkeys(str(event.kind) for event in self.events.get(subject or "", ())))

    def state_of(self, household: str) -> HouseholdState | None:
        """Return what has become of a household."""
        return self.night.projections.households.get(household)

    @property
    def problem(self) -> Problem:
        """Tonight's problem."""
        return self.night.problem

    @cached_property
    def names(self) -> list[tuple[str, ...]]:
        """Households of each of tonight's units."""
        return [tuple(split_unit(str(unit))) for unit in self.problem.households.id]

    @cached_property
    def now(self) -> Choice:
        """Tonight's plan."""
        assert self.night.result.choice is not None
        return self.night.result.choice

    @cached_property
    def before(self) -> Choice:
        """The previous plan in tonight's rows; ``UNPLACED`` where linked households differed."""
        rows = self.problem.municipalities.row_of
        old = self.plans[0]

        def row(households: tuple[str, ...]) -> int:
            numbers = {old.get(household) for household in households}
            number = numbers.pop() if len(numbers) == 1 else None
            return UNPLACED if number is None else rows.get(number, UNPLACED)

        return np.array([row(households) for households in self.names], dtype=np.int64)

    @cached_property
    def is_new(self) -> Any:
        """Units of which no household was in the previous queue, shape (units,)."""
        known = [any(h in self.previous_queue for h in unit) for unit in self.names]
        return ~np.array(known, dtype=np.bool_)

    @cached_property
    def moved(self) -> IntArray:
        """Rows of units of both nights whose place differs."""
        return np.flatnonzero((self.before != self.now) & ~self.is_new)

    @cached_property
    def previous_problem(self) -> Problem | None:
        """The previous night's problem; None where its data have been erased since."""
        try:
            return self.previous.problem
        except (ErasedError, MissingOutputError):
            return None

    @cached_property
    def previous_choice(self) -> Choice:
        """The previous plan in the rows of its own problem."""
        assert self.previous_problem is not None
        return self.previous_problem.to_choice(self.previous.saved_result.plan)
