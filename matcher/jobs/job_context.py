"""The context of a job: a run that a worker has claimed, as the code that does the work sees it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matcher.errors import TreffsikkerError
from matcher.jobs.heartbeat import Heartbeat
from matcher.solve import Progress
from matcher.store import Store
from matcher.store.runs import Run, complete_run, store_output


class JobStoppedError(TreffsikkerError):
    """The work must stop: someone cancelled the run, or the worker is shutting down."""


@dataclass(frozen=True, slots=True)
class JobOutput:
    """An output of a job that is not yet stored."""

    name: str
    media_type: str
    body: bytes


class JobContext:
    """A run that a worker has claimed.

    Parameters
    ----------
    store : Store
    run : Run
    worker : str
    heartbeat : Heartbeat
        Reports that the worker is alive, and learns when the work must stop.
    clock : callable
        Returns the current time.
    """

    def __init__(
        self,
        store: Store,
        run: Run,
        worker: str,
        heartbeat: Heartbeat,
        clock: Callable[[], datetime],
    ) -> None:
        self.store, self.run, self.worker = store, run, worker
        self.clock = clock
        self._heart = heartbeat
        self._outputs: list[JobOutput] = []

    def should_stop(self) -> bool:
        """Whether the work must stop; solvers check this regularly."""
        return self._heart.stop_requested

    def enter_step(self, step: str, **facts: Any) -> None:
        """Report the step that begins now.

        Raises
        ------
        JobStoppedError
            When the work must stop.
        """
        self._heart.report_progress({"step": step, **facts})
        if self.should_stop():
            raise JobStoppedError(f"run {self.run.id} was stopped")

    def report_solve(self, progress: Progress) -> None:
        """Report the progress of a solve."""
        self._heart.report_progress({"step": "solving", **_facts(progress)})

    def add_output(self, name: str, media_type: str, body: bytes) -> None:
        """Add an output; :meth:`done` stores all outputs together."""
        self._outputs.append(JobOutput(name, media_type, body))

    def complete(self) -> None:
        """Store all outputs and complete the run in one transaction: everything or nothing."""
        lease: dict[str, Any] = {"worker": self.worker, "at": self.clock()}
        with self.store.unit_of_work():
            for output in self._outputs:
                store_output(
                    self.store,
                    self.run.id,
                    **lease,
                    name=output.name,
                    media_type=output.media_type,
                    body=output.body,
                )
            complete_run(self.store, self.run.id, **lease)


def _facts(progress: Progress) -> Mapping[str, Any]:
    return {
        "level": progress.level,
        "value": progress.value,
        "bound": progress.bound,
        "seconds": round(progress.seconds, 1),
    }
