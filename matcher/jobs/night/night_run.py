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

from matcher.domain import Instance
from matcher.jobs.night.errors import MissingOutputError
from matcher.jobs.night.parameters import NightParameters
from matcher.problem.problem import Problem
from matcher.solve import Progress, Result
from matcher.store import Store, load_instance_at, runs
from matcher.store.instance_loading import load_projections_at
from matcher.store.projections import Projections
from matcher.store.runs import Run

if TYPE_CHECKING:
    from matcher.report.results import SavedResult


class NightContext(Protocol):
    """The job that runs a night: has claimed the run, reports progress, learns when to stop."""

    store: Store
    run: Run
    worker: str
    clock: Callable[[], datetime]

    def should_stop(self) -> bool:
        """Whether the work must stop."""
        ...

    def enter_step(self, step: str, **facts: Any) -> None:
        """Report the step that begins now; raises when the work must stop."""
        ...

    def report_solve(self, progress: Progress) -> None:
        """Report the progress of a solve."""
        ...


@dataclass(frozen=True, slots=True)
class StepOutput:
    """An output of a step that is not yet stored."""

    media_type: str
    body: bytes

    @classmethod
    def of_json(cls, value: Any) -> "StepOutput":
        """Convert a value to JSON; the same value always results in the same bytes."""
        options = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
        return cls("application/json", orjson.dumps(value, option=options))


class NightRun:
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
    def parameters(self) -> NightParameters:
        """The parameters of the night."""
        return NightParameters.from_mapping(self.run.question)

    @cached_property
    def instance(self) -> Instance:
        """The queue and the municipalities as they were when the run was first claimed."""
        return load_instance_at(self.store, self.run.day, last_event=self.run.based_on)

    @cached_property
    def projections(self) -> Projections:
        """The states of everything in the store, as of the same event."""
        with self.store.read_transaction() as connection:
            return load_projections_at(connection, self.run.day, self.run.based_on)

    @cached_property
    def problem(self) -> Problem:
        """The instance under the policy."""
        return Problem.of(self.instance, self.parameters.policy)

    @cached_property
    def saved_result(self) -> "SavedResult":
        """The stored plan, facts of the result, and prices."""
        from matcher.jobs.night.result_files import read_saved_result  # noqa: PLC0415  # Loads file readers.

        return read_saved_result(
            {name: self.read_output(name) for name in ("plan", "result", "prices")}
        )

    @cached_property
    def result(self) -> Result:
        """The saved result, as a result of the problem."""
        from matcher.jobs.night.result_files import restore_result  # noqa: PLC0415  # Loads file readers.

        return restore_result(self.problem, self.saved_result)

    def read_output(self, name: str) -> bytes:
        """Read an output.

        Raises
        ------
        MissingOutputError
            When the run has no such output.
        """
        output = runs.find_output(self.store, self.run.id, name)
        if output is None or output.body is None:
            raise MissingOutputError(f"run {self.run.id} has no {name}")
        return output.body

    def read_json_output(self, name: str) -> Any:
        """Read and parse an output that is JSON."""
        return orjson.loads(self.read_output(name))

    @cached_property
    def previous(self) -> "NightRun | None":
        """The night that was in force when this one began; None for the first night."""
        run = self.read_json_output("instance")["previous"]
        return None if run is None else NightRun.load(self.store, run)

    @classmethod
    def load(cls, store: Store, identifier: str) -> "NightRun":
        """Load a night by the identifier of its run.

        Raises
        ------
        UnknownRunError
            When there is no such run.
        """
        return cls(store, runs.get_run(store, identifier))


@dataclass(frozen=True, slots=True)
class NightStep:
    """A step of a night.

    Parameters
    ----------
    name : str
    inputs, outputs : tuple of str
        Names of the outputs that it reads, and of those that it produces.
    execute : callable
        Executes the step and returns its outputs by name.
    """

    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    execute: Callable[[NightRun, NightContext], Mapping[str, StepOutput]]


def run_missing_steps(steps: tuple[NightStep, ...], context: NightContext) -> None:
    """Run the steps whose outputs are missing, in order.

    Raises
    ------
    LostRunError
        When the worker no longer has the run; outputs of the current step are not stored.
    """
    night = NightRun(context.store, context.run)
    for number, step in enumerate(steps, 1):
        stored = {output.name for output in runs.list_outputs(context.store, context.run.id)}
        if not stored.issuperset(step.outputs):
            context.enter_step(step.name, number=number, of=len(steps))
            _store_outputs(step, step.execute(night, context), context)


def _store_outputs(step: NightStep, outputs: Mapping[str, StepOutput], hands: NightContext) -> None:
    assert set(outputs) == set(step.outputs), f"{step.name} made {sorted(outputs)}"
    with hands.store.unit_of_work():
        for name, output in outputs.items():
            runs.store_output(
                hands.store,
                hands.run.id,
                worker=hands.worker,
                at=hands.clock(),
                name=name,
                media_type=output.media_type,
                body=output.body,
            )
