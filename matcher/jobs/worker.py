"""A worker: claims and executes one run after the other, until it is told to stop.

Its name is unique, so that others on the machine see when its process has ended.
"""

import os
import socket
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError

from matcher.domain.errors import TreffsikkerError
from matcher.jobs.job_context import Heartbeat, JobContext, JobListener, JobStoppedError
from matcher.logs import get_logger
from matcher.settings import Settings
from matcher.store.errors import LostRunError
from matcher.store.runs import Run, claim_run, fail_run, mark_cancelled, release_run
from matcher.store.store import Store

JobHandlers = Mapping[str, Callable[[JobContext], None]]
"""The function that handles each kind of run."""

PID_NAMESPACE = Path("/proc/self/ns/pid")
"""Linux identifies the process namespace here; process numbers are unique only within one."""

log = get_logger(__name__)


class Worker:
    """Claims and executes runs of the kinds that it knows, one at a time.

    Parameters
    ----------
    store : Store
    settings : Settings
        How often the worker polls, how often it sends heartbeats, how often a run is attempted.
    handlers : mapping of str to callable
        The function that handles each kind of run.
    name : str
        Unique: no other process has or had it.
    clock : callable
        Returns the current time.
    listener : JobListener or None
        Follows every job in this process.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        handlers: JobHandlers,
        name: str,
        clock: Callable[[], datetime],
        *,
        listener: JobListener | None = None,
    ) -> None:
        self.store, self.settings, self.handlers = store, settings, handlers
        self.name, self.clock = name, clock
        self._listener, self._stopping = listener, Event()

    def stop(self) -> None:
        """Stop the worker; a run that is not complete goes back to the queue."""
        self._stopping.set()

    def run(self) -> None:
        """Execute runs as they come, until told to stop."""
        while not self._stopping.is_set():
            if not self._next():
                self._stopping.wait(self.settings.poll_seconds)

    def drain(self) -> int:
        """Execute runs until none waits; return how many there were."""
        count = 0
        while not self._stopping.is_set() and self._next():
            count += 1
        return count

    def execute(self, run: Run) -> str:
        """Execute a run that the worker has claimed, end it, and return how it ended.

        Raises
        ------
        LostRunError
            When another worker has claimed the run since.
        """
        heartbeat = Heartbeat(
            self.store,
            run.id,
            self.name,
            interval_seconds=self.settings.heartbeat_seconds,
            clock=self.clock,
            stopping=self._stopping,
        )
        context = JobContext(
            self.store, run, self.name, heartbeat, self.clock, listener=self._listener
        )
        try:
            with heartbeat:
                self.handlers[run.kind](context)
            context.complete()
        except (LostRunError, SQLAlchemyError):
            raise
        except TreffsikkerError as error:
            # A solver that was stopped may report it with an error of its own: no plan in time.
            if heartbeat.stop_requested or isinstance(error, JobStoppedError):
                return self._end_stopped(run, heartbeat)
            return self._fail(run, str(error))
        except Exception as error:
            log.exception("run failed", run=run.id, kind=run.kind, worker=self.name)
            return self._fail(run, f"{type(error).__name__}: {error}")
        return "complete"

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
        outcome = self.execute(run)
        log.info("run ended", **facts, outcome=outcome)

    def _end_stopped(self, run: Run, heartbeat: Heartbeat) -> str:
        """End or give back a run whose work was stopped, and return how it ended."""
        if heartbeat.lease_lost:
            raise LostRunError(f"{self.name} has run {run.id} no longer")
        if heartbeat.cancel_requested:
            mark_cancelled(self.store, run.id, **self._lease())
            return "cancelled"
        release_run(self.store, run.id, **self._lease())
        return "given back"

    def _fail(self, run: Run, error: str) -> str:
        fail_run(self.store, run.id, **self._lease(), error=error)
        return "failed"

    def _lease(self) -> dict[str, Any]:
        return {"worker": self.name, "at": self.clock()}


def new_worker_name() -> str:
    """Return a name that no other process has or had: machine, process number, random part."""
    return f"{_machine()}-{os.getpid()}-{uuid4().hex[:8]}"


def worker_has_ended(worker: str) -> bool:
    """Return whether a worker was a process of this machine that no longer exists.

    False when this cannot be known: for workers of other machines, which only missing heartbeats
    reveal, and where another process has taken over the process number.
    """
    machine, _, process = worker.rpartition("-")[0].rpartition("-")
    if machine != _machine() or not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False


def _machine() -> str:
    namespace = PID_NAMESPACE.stat().st_ino if PID_NAMESPACE.exists() else 0
    return f"{socket.gethostname()}-{namespace}"
