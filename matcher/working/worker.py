"""A worker: takes one run after the other, until it is told to leave."""

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
"""What is done for each kind of run."""

log = get_logger(__name__)


class Worker:
    """Takes runs of the kinds that it knows, one at a time.

    Parameters
    ----------
    store : Store
    settings : Settings
        How often it looks, how often its heart beats, how often a run is begun.
    kinds : mapping of str to callable
    name : str
        Different for each process that ever works.
    clock : callable
        Gives this moment.
    """

    def __init__(
        self, store: Store, settings: Settings, kinds: Kinds, name: str,
        clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self.store, self.settings, self.kinds = store, settings, kinds
        self.name, self.clock = name, clock
        self._leaving = Event()

    def leave(self) -> None:
        """Stop, and give back what is not done."""
        self._leaving.set()

    def work(self) -> None:
        """Take runs as they come until told to leave."""
        while not self._leaving.is_set():
            if not self._next():
                self._leaving.wait(self.settings.poll_seconds)

    def work_off(self) -> int:
        """Take runs until none waits, and tell how many there were."""
        count = 0
        while not self._leaving.is_set() and self._next():
            count += 1
        return count

    def carry_out(self, run: Run) -> str:
        """Do a run that the worker has, and end it; how it ended.

        Raises
        ------
        LostRunError
            When another worker has the run now.
        """
        return self._done(run)

    def _next(self) -> bool:
        """Do the next run; whether there was one."""
        try:
            run = claim(
                self.store, tuple(self.kinds), worker=self.name, at=self.clock(),
                stale_before=self.clock() - self.settings.silence,
            )  # fmt: skip
            if run is not None:
                self._do(run)
        except LostRunError:
            log.warning("run lost to another worker", worker=self.name)
            return True
        except SQLAlchemyError:
            # What cannot be told to the store is done again, by whoever can.
            log.exception("store cannot be used", worker=self.name)
            return False
        return run is not None

    def _do(self, run: Run) -> None:
        facts = {"run": run.id, "kind": run.kind, "attempt": run.attempts, "worker": self.name}
        if run.cancel_asked:
            cancelled(self.store, run.id, **self._held())
            return
        if run.attempts > self.settings.attempts:
            log.error("run given up", **facts)
            self._fail(run, f"given up: {run.attempts - 1} workers fell silent over it")
            return
        log.info("run begun", **facts)
        outcome = self._done(run)
        log.info("run ended", **facts, outcome=outcome)

    def _done(self, run: Run) -> str:
        """Do a run and end it; how it ended."""
        heart = Heart(
            self.store, run.id, self.name, every=self.settings.heartbeat_seconds,
            clock=self.clock, leaving=self._leaving,
        )  # fmt: skip
        errand = Errand(self.store, run, self.name, heart, self.clock)
        try:
            with heart:
                self.kinds[run.kind](errand)
            errand.done()
        except (LostRunError, SQLAlchemyError):
            raise
        except TreffsikkerError as error:
            # A solver that was stopped may say so in words of its own: no plan in time.
            if heart.stopped or isinstance(error, StoppedError):
                return self._stopped(run, heart)
            return self._fail(run, str(error))
        except Exception as error:
            log.exception("run failed", run=run.id, kind=run.kind, worker=self.name)
            return self._fail(run, f"{type(error).__name__}: {error}")
        return "complete"

    def _stopped(self, run: Run, heart: Heart) -> str:
        if heart.lost:
            raise LostRunError(f"{self.name} has run {run.id} no longer")
        if heart.cancelled:
            cancelled(self.store, run.id, **self._held())
            return "cancelled"
        give_back(self.store, run.id, **self._held())
        return "given back"

    def _fail(self, run: Run, error: str) -> str:
        fail(self.store, run.id, **self._held(), error=error)
        return "failed"

    def _held(self) -> dict[str, Any]:
        return {"worker": self.name, "at": self.clock()}
