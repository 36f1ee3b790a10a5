"""A worker: claims and executes one run after the other, until it is told to stop."""

from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Event
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from matcher.errors import TreffsikkerError
from matcher.jobs.heartbeat import Heartbeat
from matcher.jobs.job_context import JobContext, JobStoppedError
from matcher.logs import get_logger
from matcher.settings import Settings
from matcher.store import Store
from matcher.store.errors import LostRunError
from matcher.store.runs import Run, claim_run, fail_run, mark_cancelled, release_run

JobHandlers = Mapping[str, Callable[[JobContext], None]]
"""The function that handles each kind of run."""

log = get_logger(__name__)


class Worker:
    """Claims and executes runs of the kinds that it knows, one at a time.

    Parameters
    ----------
    store : Store
    settings : Settings
        How often the worker polls, how often it sends heartbeats, how often a run is attempted.
    handlers : mapping of str to callable
    name : str
        Unique: no other process has or had it.
    clock : callable
        Returns the current time.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        handlers: JobHandlers,
        name: str,
        clock: Callable[[], datetime],
    ) -> None:
        self.store, self.settings, self.handlers = store, settings, handlers
        self.name, self.clock = name, clock
        self._leaving = Event()

    def stop(self) -> None:
        """Stop the worker; a run that is not complete goes back to the queue."""
        self._leaving.set()

    def run(self) -> None:
        """Execute runs as they come, until told to stop."""
        while not self._leaving.is_set():
            if not self._next():
                self._leaving.wait(self.settings.poll_seconds)

    def drain(self) -> int:
        """Execute runs until none waits; return how many there were."""
        count = 0
        while not self._leaving.is_set() and self._next():
            count += 1
        return count

    def execute(self, run: Run) -> str:
        """Execute a run that the worker has claimed, end it, and return how it ended.

        Raises
        ------
        LostRunError
            When another worker has claimed the run since.
        """
        return self._execute(run)

    def _next(self) -> bool:
        """Execute the next run; return whether there was one."""
        try:
            run = claim_run(
                self.store,
                tuple(self.handlers),
                worker=self.name,
                at=self.clock(),
                stalled_before=self.clock() - self.settings.stalled_after,
            )
            if run is not None:
                self._handle(run)
        except LostRunError:
            log.warning("run lost to another worker", worker=self.name)
            return True
        except SQLAlchemyError:
            # The end of the run is not stored, so a worker that reaches the store repeats it.
            log.exception("store cannot be used", worker=self.name)
            return False
        return run is not None

    def _handle(self, run: Run) -> None:
        """Execute a claimed run, unless it is cancelled or has been attempted too often."""
        facts = {"run": run.id, "kind": run.kind, "attempt": run.attempts, "worker": self.name}
        if run.cancel_asked:
            mark_cancelled(self.store, run.id, **self._lease())
            return
        if run.attempts > self.settings.attempts:
            log.error("run given up", **facts)
            self._fail(run, f"given up: {run.attempts - 1} workers fell silent over it")
            return
        log.info("run begun", **facts)
        outcome = self._execute(run)
        log.info("run ended", **facts, outcome=outcome)

    def _execute(self, run: Run) -> str:
        """Execute a run, end it, and return how it ended."""
        heart = Heartbeat(
            self.store,
            run.id,
            self.name,
            interval_seconds=self.settings.heartbeat_seconds,
            clock=self.clock,
            stopping=self._leaving,
        )
        errand = JobContext(self.store, run, self.name, heart, self.clock)
        try:
            with heart:
                self.handlers[run.kind](errand)
            errand.complete()
        except (LostRunError, SQLAlchemyError):
            raise
        except TreffsikkerError as error:
            # A solver that was stopped may report it with an error of its own: no plan in time.
            if heart.stop_requested or isinstance(error, JobStoppedError):
                return self._stopped(run, heart)
            return self._fail(run, str(error))
        except Exception as error:
            log.exception("run failed", run=run.id, kind=run.kind, worker=self.name)
            return self._fail(run, f"{type(error).__name__}: {error}")
        return "complete"

    def _stopped(self, run: Run, heart: Heartbeat) -> str:
        """End or give back a run whose work was stopped, and return how it ended."""
        if heart.lease_lost:
            raise LostRunError(f"{self.name} has run {run.id} no longer")
        if heart.cancel_requested:
            mark_cancelled(self.store, run.id, **self._lease())
            return "cancelled"
        release_run(self.store, run.id, **self._lease())
        return "given back"

    def _fail(self, run: Run, error: str) -> str:
        fail_run(self.store, run.id, **self._lease(), error=error)
        return "failed"

    def _lease(self) -> dict[str, Any]:
        return {"worker": self.name, "at": self.clock()}
