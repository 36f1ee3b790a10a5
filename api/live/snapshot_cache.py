"""A cache of the current snapshot, which many readers share; each sees one consistent state."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from threading import Lock
from typing import Self

from sqlalchemy import Connection

from api.live.completed_night import CompletedNight
from api.live.night_loader import load_night
from api.live.snapshot import LiveSnapshot
from matcher.logs import get_logger
from matcher.policy.policy import Policy
from matcher.store.instance_projection import InstanceProjection
from matcher.store.run_queries import read_latest_versions
from matcher.store.store import Store

log = get_logger(__name__)
NightLoader = Callable[[Store, str, InstanceProjection], CompletedNight]
"""Loads a complete night by the identifier of its run, given the current instance."""
SnapshotKey = tuple[str | None, date]
"""The run of a night, None before the first, and the day from which days are counted."""


class SnapshotCache:
    """The current snapshot, updated at every request.

    Events since the last request are applied before the answer. A new night, and a new day, are
    prepared in the background and replace the snapshot when they are complete; until then, answers
    rest on the night before.

    Parameters
    ----------
    store : Store
    policy : Policy or None
        Used while there is no night yet; the default policy when None.
    night_loader : callable
        Loads a night; by default from the store.
    on_replaced : callable
        Called when a snapshot that was prepared in the background has replaced the current one.
    """

    def __init__(
        self,
        store: Store,
        policy: Policy | None = None,
        night_loader: NightLoader = load_night,
        on_replaced: Callable[[], None] = lambda: None,
    ) -> None:
        self._store, self._policy = store, policy or Policy.default()
        self._load, self._in_place = night_loader, on_replaced
        self._live: LiveSnapshot | None = None
        self._advance_lock, self._prepare_lock = Lock(), Lock()
        self._background = ThreadPoolExecutor(1, "live")
        self._preparing: Future[None] | None = None
        self._attempted: tuple[SnapshotKey, int] | None = None

    def __enter__(self) -> Self:
        """Return this object; it is closed at the end of the block."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Wait until the preparation under way has ended, and start no more."""
        self._background.shutdown()

    @property
    def is_warming_up(self) -> bool:
        """Whether the first snapshot is being prepared, so that answers have to wait."""
        return self._live is None and self._preparing is not None and not self._preparing.done()

    def snapshot(self, day: date) -> LiveSnapshot:
        """Return the snapshot after the latest event.

        Parameters
        ----------
        day : date
            Today.

        Raises
        ------
        UnusableInstanceError
            When nothing has been imported.
        """
        with self._store.read_transaction() as connection:
            version, run = read_latest_versions(connection)
            wanted = run, day
            live = self._live
            if live is not None and live.version < version:
                live = self._advance(connection)
        if live is None:
            self.prepare(wanted, version).result()
            assert self._live is not None
            return self._live
        if _key_of(live) != wanted:
            self.prepare(wanted, version)
        return live

    def warm_up(self, day: date) -> None:
        """Start to prepare a snapshot in the background, unless the store is empty."""
        with self._store.read_transaction() as connection:
            version, run = read_latest_versions(connection)
        if version:
            self.prepare((run, day), version)

    def prepare(self, key: SnapshotKey, version: int) -> "Future[None]":
        """Prepare a night and a day in the background, unless that is under way or has failed."""
        with self._prepare_lock:
            under_way = self._preparing is not None and not self._preparing.done()
            attempted = self._live is not None and self._attempted == (key, version)
            if self._preparing is None or not (under_way or attempted):
                self._attempted = (key, version)
                self._preparing = self._background.submit(self._prepare, key)
            return self._preparing

    def wait_until_prepared(self) -> None:
        """Wait until no preparation is under way.

        Raises
        ------
        Exception
            The error with which the preparation failed.
        """
        if self._preparing is not None:
            self._preparing.result()

    def _advance(self, connection: Connection) -> LiveSnapshot:
        with self._advance_lock:
            # Another thread may have advanced further while this one waited for the lock.
            assert self._live is not None
            self._live = self._live.advance(self._live.projection.catch_up(connection))
            return self._live

    def _prepare(self, wanted: SnapshotKey) -> None:
        run, day = wanted
        with self._store.read_transaction() as connection:
            projection = InstanceProjection.load(connection, day)
        try:
            night = self._night(run, projection)
        except Exception:
            log.exception("a night cannot be used; what was in force stays", run=run)
            if self._live is not None:
                raise
            # An answer without prices, which says so, is better than none.
            night = None
        snapshot = LiveSnapshot.build(projection, self._policy, night)
        while not self._replace(snapshot):
            with self._store.read_transaction() as connection:
                snapshot = snapshot.advance(snapshot.projection.catch_up(connection))
        self._in_place()

    def _replace(self, snapshot: LiveSnapshot) -> bool:
        """Replace the current snapshot, unless readers have already seen later events."""
        with self._advance_lock:
            behind = self._live is not None and snapshot.version < self._live.version
            if not behind:
                self._live = snapshot
            return not behind

    def _night(self, run: str | None, projection: InstanceProjection) -> CompletedNight | None:
        if run is None:
            return None
        current = None if self._live is None else self._live.night
        if current is not None and current.run == run:
            return current
        return self._load(self._store, run, projection)


def _key_of(live: LiveSnapshot) -> SnapshotKey:
    return None if live.night is None else live.night.run, live.day
