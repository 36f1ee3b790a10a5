"""A night in the hands of a worker: what its steps share, and one step after the other.

Each step reads what earlier ones left in the store and leaves its own outputs there, all of them
at once. A night that was killed goes on at the first step whose outputs are missing; nothing that
a step needs is anywhere but in the store.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import orjson

from matcher.batch.errors import MissingOutputError
from matcher.batch.question import Question
from matcher.domain import Instance
from matcher.problem import Problem
from matcher.solve import Progress, Result
from matcher.store.database import Store, instance_at, runs
from matcher.store.database.books import Books
from matcher.store.database.planning import books_at
from matcher.store.database.runs import Run

if TYPE_CHECKING:
    from matcher.store.results import SavedResult


class Hands(Protocol):
    """Whoever carries a night out: has the run, shows that it lives, hears when to stop."""

    store: Store
    run: Run
    worker: str
    clock: Callable[[], datetime]

    def stopped(self) -> bool:
        """Whether the work is not to go on."""
        ...

    def at(self, step: str, **facts: Any) -> None:
        """Tell followers what is being done; raises when the work is not to go on."""
        ...

    def follow(self, progress: Progress) -> None:
        """Tell followers where a solve stands."""
        ...


@dataclass(frozen=True, slots=True)
class Made:
    """An output of a step, not yet kept."""

    media_type: str
    body: bytes

    @classmethod
    def of_json(cls, value: Any) -> "Made":
        """Write a value as JSON, the same bytes for the same value."""
        options = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
        return cls("application/json", orjson.dumps(value, option=options))


class Night:
    """What the steps of a night share, read from the store when it is first asked for.

    Parameters
    ----------
    store : Store
    run : Run
        Taken by a worker, or complete.
    """

    def __init__(self, store: Store, run: Run) -> None:
        self.store, self.run = store, run

    @cached_property
    def question(self) -> Question:
        """What was asked."""
        return Question.from_mapping(self.run.question)

    @cached_property
    def instance(self) -> Instance:
        """The queue and the municipalities as they were when the run was first taken."""
        return instance_at(self.store, self.run.day, upto=self.run.based_on)

    @cached_property
    def books(self) -> Books:
        """The states of everything in the store, as they were then."""
        with self.store.reading() as connection:
            return books_at(connection, self.run.day, self.run.based_on)

    @cached_property
    def problem(self) -> Problem:
        """The instance under the policy."""
        return Problem.of(self.instance, self.question.policy)

    @cached_property
    def saved(self) -> "SavedResult":
        """Plan, prices and what was found of them, as the store has them."""
        from matcher.batch.saved import saved_from  # noqa: PLC0415  # Loads readers of files.

        return saved_from({name: self.read(name) for name in ("plan", "result", "prices")})

    @cached_property
    def result(self) -> Result:
        """The same as a result of the problem."""
        from matcher.batch.saved import result_of  # noqa: PLC0415  # Loads readers of files.

        return result_of(self.problem, self.saved)

    def read(self, name: str) -> bytes:
        """Give an output.

        Raises
        ------
        MissingOutputError
            When the run has not left it.
        """
        found = runs.output(self.store, self.run.id, name)
        if found is None or found.body is None:
            raise MissingOutputError(f"run {self.run.id} has no {name}")
        return found.body

    def read_json(self, name: str) -> Any:
        """Give an output that is JSON."""
        return orjson.loads(self.read(name))

    @cached_property
    def previous(self) -> "Night | None":
        """The night that was in force when this one was begun, None for the first of all."""
        before = self.read_json("instance")["previous"]
        return None if before is None else Night.named(self.store, before)

    @classmethod
    def named(cls, store: Store, identifier: str) -> "Night":
        """Give a night by its run.

        Raises
        ------
        UnknownRunError
            When there is none.
        """
        return cls(store, runs.run(store, identifier))


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a night.

    Parameters
    ----------
    name : str
    needs, makes : tuple of str
        Names of outputs that it reads, and of those that it leaves.
    do : callable
        Gives what it makes, by name.
    """

    name: str
    needs: tuple[str, ...]
    makes: tuple[str, ...]
    do: Callable[[Night, Hands], Mapping[str, Made]]


def carry_out(steps: tuple[Step, ...], hands: Hands) -> None:
    """Do the steps whose outputs are missing, in their order.

    Raises
    ------
    LostRunError
        When the worker has the run no longer; what it was at is not kept.
    """
    night = Night(hands.store, hands.run)
    for number, step in enumerate(steps, 1):
        there = {found.name for found in runs.outputs(hands.store, hands.run.id)}
        if not there.issuperset(step.makes):
            hands.at(step.name, number=number, of=len(steps))
            _keep(step, step.do(night, hands), hands)


def _keep(step: Step, made: Mapping[str, Made], hands: Hands) -> None:
    assert set(made) == set(step.makes), f"{step.name} made {sorted(made)}"
    with hands.store.writing():
        for name, one in made.items():
            runs.keep(
                hands.store, hands.run.id, worker=hands.worker, at=hands.clock(), name=name,
                media_type=one.media_type, body=one.body,
            )  # fmt: skip
