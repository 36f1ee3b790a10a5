"""A night that a worker runs: the data that its steps share, and the order of the steps.

Each step reads outputs of earlier steps from the store and stores its own outputs in one
transaction. A night that was killed continues at the first step whose outputs are missing; all
that a step needs is in the store.
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
    """The job that runs a night: has claimed the run, reports progress, learns when to stop."""

    store: Store
    run: Run
    worker: str
    clock: Callable[[], datetime]

    def stopped(self) -> bool:
        """Whether the work must stop."""
        ...

    def at(self, step: str, **facts: Any) -> None:
        """Report the step that begins now; raises when the work must stop."""
        ...

    def follow(self, progress: Progress) -> None:
        """Report the progress of a solve."""
        ...


@dataclass(frozen=True, slots=True)
class Made:
    """An output of a step that is not yet stored."""

    media_type: str
    body: bytes

    @classmethod
    def of_json(cls, value: Any) -> "Made":
        """Convert a value to JSON; the same value always results in the same bytes."""
        options = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
        return cls("application/json", orjson.dumps(value, option=options))


class Night:
    """The data that the steps of a night share, read from the store on first access.

    Parameters
    ----------
    store : Store
    run : Run
        A run that a worker has claimed, or a complete one.
    """

    def __init__(self, store: Store, run: Run) -> None:
        self.store, self.run = store, run

    @cached_property
    def question(self) -> Question:
        """The parameters of the night."""
        return Question.from_mapping(self.run.question)

    @cached_property
    def instance(self) -> Instance:
        """The queue and the municipalities as they were when the run was first claimed."""
        return instance_at(self.store, self.run.day, upto=self.run.based_on)

    @cached_property
    def books(self) -> Books:
        """The states of everything in the store, as of the same event."""
        with self.store.reading() as connection:
            return books_at(connection, self.run.day, self.run.based_on)

    @cached_property
    def problem(self) -> Problem:
        """The instance under the policy."""
        return Problem.of(self.instance, self.question.policy)

    @cached_property
    def saved(self) -> "SavedResult":
        """The stored plan, facts of the result, and prices."""
        from matcher.batch.saved import saved_from  # noqa: PLC0415  # Loads file readers.

        return saved_from({name: self.read(name) for name in ("plan", "result", "prices")})

    @cached_property
    def result(self) -> Result:
        """The saved result, as a result of the problem."""
        from matcher.batch.saved import result_of  # noqa: PLC0415  # Loads file readers.

        return result_of(self.problem, self.saved)

    def read(self, name: str) -> bytes:
        """Read an output.

        Raises
        ------
        MissingOutputError
            When the run has no such output.
        """
        output = runs.output(self.store, self.run.id, name)
        if output is None or output.body is None:
            raise MissingOutputError(f"run {self.run.id} has no {name}")
        return output.body

    def read_json(self, name: str) -> Any:
        """Read and parse an output that is JSON."""
        return orjson.loads(self.read(name))

    @cached_property
    def previous(self) -> "Night | None":
        """The night that was in force when this one began; None for the first night."""
        run = self.read_json("instance")["previous"]
        return None if run is None else Night.named(self.store, run)

    @classmethod
    def named(cls, store: Store, identifier: str) -> "Night":
        """Load a night by the identifier of its run.

        Raises
        ------
        UnknownRunError
            When there is no such run.
        """
        return cls(store, runs.run(store, identifier))


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a night.

    Parameters
    ----------
    name : str
    needs, makes : tuple of str
        Names of the outputs that it reads, and of those that it produces.
    do : callable
        Executes the step and returns its outputs by name.
    """

    name: str
    needs: tuple[str, ...]
    makes: tuple[str, ...]
    do: Callable[[Night, Hands], Mapping[str, Made]]


def carry_out(steps: tuple[Step, ...], hands: Hands) -> None:
    """Run the steps whose outputs are missing, in order.

    Raises
    ------
    LostRunError
        When the worker no longer has the run; outputs of the current step are not stored.
    """
    night = Night(hands.store, hands.run)
    for number, step in enumerate(steps, 1):
        stored = {output.name for output in runs.outputs(hands.store, hands.run.id)}
        if not stored.issuperset(step.makes):
            hands.at(step.name, number=number, of=len(steps))
            _store_outputs(step, step.do(night, hands), hands)


def _store_outputs(step: Step, outputs: Mapping[str, Made], hands: Hands) -> None:
    assert set(outputs) == set(step.makes), f"{step.name} made {sorted(outputs)}"
    with hands.store.writing():
        for name, output in outputs.items():
            runs.keep(
                hands.store,
                hands.run.id,
                worker=hands.worker,
                at=hands.clock(),
                name=name,
                media_type=output.media_type,
                body=output.body,
            )
