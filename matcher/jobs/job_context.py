"""A run that a worker has claimed, as its job sees it, and the heartbeats that hold the claim."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Thread
from typing import Any, Protocol, Self

import orjson
from sqlalchemy.exc import SQLAlchemyError

from matcher.domain.errors import TreffsikkerError
from matcher.logs import get_logger
from matcher.solve.stopping import Progress
from matcher.store.errors import LostRunError
from matcher.store.runs import Run, complete_run, renew_lease, store_output
from matcher.store.store import Store

log = get_logger(__name__)


class Heartbeat:
    """Heartbeats of one run, sent from a separate thread.

    Parameters
    ----------
    store : Store
    run, worker : str
    interval_seconds : float
        Time between two heartbeats.
    clock : callable
        Returns the current time.
    stopping : Event
        Set when the worker is to stop, whatever run it is working on.
    """

    def __init__(
        self,
        store: Store,
        run: str,
        worker: str,
        *,
        interval_seconds: float,
        clock: Callable[[], datetime],
        stopping: Event,
    ) -> None:
        self.store, self.run, self.worker = store, run, worker
        self.cancel_requested = self.lease_lost = False
        self._interval_seconds, self._clock, self._stopping = interval_seconds, clock, stopping
        self._progress: Mapping[str, Any] = {}
        self._done = Event()
        self._thread = Thread(target=self._send_heartbeats, name="heartbeat", daemon=True)

    @property
    def stop_requested(self) -> bool:
        """Whether the work must stop."""
        return self.cancel_requested or self.lease_lost or self._stopping.is_set()

    def report_progress(self, progress: Mapping[str, Any]) -> None:
        """Set the progress that the next heartbeat reports."""
        self._progress = progress

    def __enter__(self) -> Self:
        """Start the heartbeats."""
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        """Stop the heartbeats."""
        self._done.set()
        self._thread.join()

    def _send_heartbeats(self) -> None:
        while not self.lease_lost and not self._done.wait(self._interval_seconds):
            self._send_heartbeat()

    def _send_heartbeat(self) -> None:
        try:
            self.cancel_requested = renew_lease(
                self.store, self.run, worker=self.worker, at=self._clock(), progress=self._progress
            )
        except LostRunError:
            self.lease_lost = True
            log.warning("run lost to another worker", run=self.run, worker=self.worker)
        except SQLAlchemyError:
            # The next heartbeat may succeed. If none does for long, another worker claims the run.
            log.warning("heartbeat not heard", run=self.run, worker=self.worker, exc_info=True)


class JobStoppedError(TreffsikkerError):
    """The work must stop: someone cancelled the run, or the worker is shutting down."""


@dataclass(frozen=True, slots=True)
class JobOutput:
    """An output of a job, of a media type such as ``text/csv``."""

    media_type: str
    body: bytes

    @classmethod
    def of_json(cls, value: Any) -> "JobOutput":
        """Convert a value to JSON; the same value always results in the same bytes."""
        options = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
        return cls("application/json", orjson.dumps(value, option=options))


class JobListener(Protocol):
    """What follows a job in the process that does it, such as a terminal."""

    def step_entered(self, step: str, facts: Mapping[str, Any]) -> None:
        """Learn of the step that begins now."""
        ...

    def solve_progressed(self, progress: Progress) -> None:
        """Learn of the progress of a solve."""
        ...


class JobContext:
    """A run that a worker has claimed.

    Parameters
    ----------
    store : Store
    run : Run
    worker : str
        Name of the worker.
    heartbeat : Heartbeat
        Reports that the worker is alive, and learns when the work must stop.
    clock : callable
        Returns the current time.
    listener : JobListener or None
        Learns of each step and of the progress of solves.
    """

    def __init__(
        self,
        store: Store,
        run: Run,
        worker: str,
        heartbeat: Heartbeat,
        clock: Callable[[], datetime],
        *,
        listener: JobListener | None = None,
    ) -> None:
        self.store, self.run, self.worker = store, run, worker
        self.clock = clock
        self._heartbeat, self._listener = heartbeat, listener
        self._outputs: dict[str, JobOutput] = {}

    def should_stop(self) -> bool:
        """Whether the work must stop; solvers check this regularly."""
        return self._heartbeat.stop_requested

    def enter_step(self, step: str, **facts: Any) -> None:
        """Report the step that begins now.

        Raises
        ------
        JobStoppedError
            When the work must stop.
        """
        self._heartbeat.report_progress({"step": step, **facts})
        if self.should_stop():
            raise JobStoppedError(f"run {self.run.id} was stopped")
        if self._listener is not None:
            self._listener.step_entered(step, facts)

    def report_solve(self, progress: Progress, **facts: Any) -> None:
        """Report the progress of a solve, with facts that tell it from other solves of the job."""
        self._heartbeat.report_progress({"step": "solving", **facts, **_facts(progress)})
        if self._listener is not None:
            self._listener.solve_progressed(progress)

    def add_output(self, name: str, output: JobOutput) -> None:
        """Add an output; :meth:`complete` stores all added outputs together."""
        self._outputs[name] = output

    def store_outputs(self, outputs: Mapping[str, JobOutput]) -> None:
        """Store outputs now, by name, in one transaction: all of them or none.

        Raises
        ------
        LostRunError
            When the worker no longer has the run.
        """
        with self.store.unit_of_work():
            for name, output in outputs.items():
                store_output(
                    self.store,
                    self.run.id,
                    worker=self.worker,
                    at=self.clock(),
                    name=name,
                    media_type=output.media_type,
                    body=output.body,
                )

    def complete(self) -> None:
        """Store the added outputs and complete the run in one transaction: everything or nothing.

        Raises
        ------
        LostRunError
            When the worker no longer has the run.
        """
        with self.store.unit_of_work():
            self.store_outputs(self._outputs)
            complete_run(self.store, self.run.id, worker=self.worker, at=self.clock())


def _facts(progress: Progress) -> Mapping[str, Any]:
    return {
        "level": progress.level,
        "value": progress.value,
        "bound": progress.bound,
        "seconds": round(progress.seconds, 1),
    }
