"""The heartbeat of a run: renews the worker's lease, reports progress, learns when to stop."""

from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Event, Thread
from typing import Any, Self

from sqlalchemy.exc import SQLAlchemyError

from matcher.logs import get_logger
from matcher.store.database import Store
from matcher.store.database.errors import LostRunError
from matcher.store.database.runs import beat

log = get_logger(__name__)


class Heart:
    """Heartbeats of one run, sent from a separate thread.

    Parameters
    ----------
    store : Store
    run, worker : str
    every : float
        Seconds between two heartbeats.
    clock : callable
        Returns the current time.
    leaving : Event
        Set when the worker is to stop, whatever run it is working on.
    """

    def __init__(
        self,
        store: Store,
        run: str,
        worker: str,
        *,
        every: float,
        clock: Callable[[], datetime],
        leaving: Event,
    ) -> None:
        self.store, self.run, self.worker = store, run, worker
        self.cancelled = self.lost = False
        self._every, self._clock, self._leaving = every, clock, leaving
        self._progress: Mapping[str, Any] = {}
        self._done = Event()
        self._thread = Thread(target=self._beat_on, name="heart", daemon=True)

    @property
    def stopped(self) -> bool:
        """Whether the work must stop."""
        return self.cancelled or self.lost or self._leaving.is_set()

    def tell(self, progress: Mapping[str, Any]) -> None:
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

    def _beat_on(self) -> None:
        while not self.lost and not self._done.wait(self._every):
            self._beat()

    def _beat(self) -> None:
        try:
            self.cancelled = beat(
                self.store, self.run, worker=self.worker, at=self._clock(), progress=self._progress
            )
        except LostRunError:
            self.lost = True
            log.warning("run lost to another worker", run=self.run, worker=self.worker)
        except SQLAlchemyError:
            # The next heartbeat may succeed. If none does for long, another worker claims the run.
            log.warning("heartbeat not heard", run=self.run, worker=self.worker, exc_info=True)
