"""A worker: claims and executes one run after the other, until it is told to stop."""

from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Event
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from matcher.errors import TreffsikkerError
from matcher.logs import get_logger
from matcher.settings import Settings
from matcher.store.database import Store
from matcher.store.database.errors import LostRunError
from matcher.store.database.runs import Run, cancelled, claim, fail, give_back
from matcher.working.errand import Errand, StoppedError
from matcher.working.heart import Heart

Kinds = Mapping[str, Callable[[Errand], None]]
"""The function that handles each kind of run."""

log = get_logger(__name__)


class Worker:
    """Claims and executes runs of the kinds that it knows, one at a time.

    Parameters
    ----------
    store : Store
    settings : Settings
        How often the worker polls, how often it sends heartbeats, how often a run is attempted.
    kinds : mapping of str to callable
    name : str
        Unique: no other process has or had it.
    clock : callable
        Returns the current time.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        kinds: Kinds,
        name: str,
        clock: Callable[[], datetime],
    ) -> None:
        self.store, self.settings, self.kinds = store, settings, kinds
        self.name, self.clock = name, clock
        self._leaving = Event()

    def leave(self) -> None:
        """Stop the worker; a run that is not complete goes back to the queue."""
        self._leaving.set()

    def work(self) -> None:
        """Execute runs as they come, until told to stop."""
        while not self._leaving.is_set():
            if not self._next():
                self._leaving.wait(self.settings.poll_seconds)

    def work_off(self) -> int:
        """Execute runs until none waits; return how many there were."""
        count = 0
        while not self._leaving.is_set() and self._next():
            count += 1
        return count

    def carry_out(self, run: Run) -> str:
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
            run = claim(
                self.store,
                tuple(self.kinds),
                worker=self.name,
                at=self.clock(),
                stale_before=self.clock() - self.settings.silence,
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
            cancelled(self.store, run.id, **self._lease())
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
        heart = Heart(
            self.store,
            run.id,
            self.name,
            every=self.settings.heartbeat_seconds,
            clock=self.clock,
            leaving=self._leaving,
        )
        errand = Errand(self.store, run, self.name, heart, self.clock)
        try:
            with heart:
                self.kinds[run.kind](errand)
            errand.done()
        except (LostRunError, SQLAlchemyError):
            raise
        except TreffsikkerError as error:
            # A solver that was stopped may report it with an error of its own: no plan in time.
            if heart.stopped or isinstance(error, StoppedError):
                return self._stopped(run, heart)
            return self._fail(run, str(error))
        except Exception as error:
            log.exception("run failed", run=run.id, kind=run.kind, worker=self.name)
            return self._fail(run, f"{type(error).__name__}: {error}")
        return "complete"

    def _stopped(self, run: Run, heart: Heart) -> str:
        """End or give back a run whose work was stopped, and return how it ended."""
        if heart.lost:
            raise LostRunError(f"{self.name} has run {run.id} no longer")
        if heart.cancelled:
            cancelled(self.store, run.id, **self._lease())
            return "cancelled"
        give_back(self.store, run.id, **self._lease())
        return "given back"

    def _fail(self, run: Run, error: str) -> str:
        fail(self.store, run.id, **self._lease(), error=error)
        return "failed"

    def _lease(self) -> dict[str, Any]:
        return {"worker": self.name, "at": self.clock()}
