"""The heartbeat of a run: renews the worker's lease, reports progress, learns when to stop."""

from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Event, Thread
from typing import Any, Self

from sqlalchemy.exc import SQLAlchemyError

from matcher.logs import get_logger
from matcher.store.errors import LostRunError
from matcher.store.runs import renew_lease
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
