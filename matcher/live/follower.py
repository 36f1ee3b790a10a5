"""Follows a store and its nights for many readers at once, each of whom sees one state whole."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from threading import Lock
from typing import Self

from sqlalchemy import Connection

from matcher.live.live import Live
from matcher.live.loading import load_night
from matcher.live.night import Night
from matcher.logs import get_logger
from matcher.policy import Policy
from matcher.store.database import Store
from matcher.store.database.following import Standing
from matcher.store.database.run_reading import standing_now

log = get_logger(__name__)
Loader = Callable[[Store, str, Standing], Night]
"""Gives a complete night by the identifier of its run, beside the store as it is now."""
Wanted = tuple[str | None, date]
"""A night, None before the first, and the day that days are counted from."""


class Follower:
    """What is live, kept up to date from question to question.

    What has happened since the last question is taken in before the answer. A new night, and a
    new day, are made ready on the side and put in place when they are whole; until then answers
    rest on the night before.

    Parameters
    ----------
    store : Store
    policy : Policy or None
        Where there is no night yet; the default one unless given.
    load : callable
        Reads a night; the store's unless given.
    in_place : callable
        Called when something that was made ready on the side has been put in place.
    """

    def __init__(
        self, store: Store, policy: Policy | None = None, load: Loader = load_night,
        in_place: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        self._store, self._policy = store, policy or Policy.default()
        self._load, self._in_place = load, in_place
        self._live: Live | None = None
        self._following, self._beginning = Lock(), Lock()
        self._side = ThreadPoolExecutor(1, "live")
        self._loading: Future[None] | None = None
        self._tried: tuple[Wanted, int] | None = None

    def __enter__(self) -> Self:
        """Give the follower itself; it stops at the end of the block."""
        return self

    def __exit__(self, *error: object) -> None:
        """Stop."""
        self.close()

    def close(self) -> None:
        """Let what is being made ready come to its end, and begin nothing more."""
        self._side.shutdown()

    @property
    def starting(self) -> bool:
        """Whether all is being read for the first time, so that answers have to wait."""
        return self._live is None and self._loading is not None and not self._loading.done()

    def live(self, day: date) -> Live:
        """Give what is live after the latest event.

        Parameters
        ----------
        day : date
            Today.

        Raises
        ------
        UnusableInstanceError
            When nothing has been imported.
        """
        with self._store.reading() as connection:
            version, run = standing_now(connection)
            wanted = run, day
            live = self._live
            if live is not None and live.version < version:
                live = self._follow(connection)
        if live is None:
            self.begin(wanted, version).result()
            assert self._live is not None
            return self._live
        if _holds(live) != wanted:
            self.begin(wanted, version)
        return live

    def start(self, day: date) -> None:
        """Begin to read the store, if there is anything in it, without waiting for it."""
        with self._store.reading() as connection:
            version, run = standing_now(connection)
        if version:
            self.begin((run, day), version)

    def begin(self, wanted: Wanted, version: int) -> "Future[None]":
        """Make a night and a day ready on the side, unless that is under way or has failed."""
        with self._beginning:
            under_way = self._loading is not None and not self._loading.done()
            tried = self._live is not None and self._tried == (wanted, version)
            if self._loading is None or not (under_way or tried):
                self._tried = (wanted, version)
                self._loading = self._side.submit(self._make_ready, wanted)
            return self._loading

    def settled(self) -> None:
        """Wait until nothing is being made ready.

        Raises
        ------
        Exception
            What went wrong with it.
        """
        if self._loading is not None:
            self._loading.result()

    def _follow(self, connection: Connection) -> Live:
        with self._following:
            # Another may have gone further while this one waited.
            assert self._live is not None
            self._live = self._live.after(self._live.standing.after(connection))
            return self._live

    def _make_ready(self, wanted: Wanted) -> None:
        run, day = wanted
        with self._store.reading() as connection:
            standing = Standing.now(connection, day)
        try:
            night = self._night(run, standing)
        except Exception:
            log.exception("a night cannot be used; what was in force stays", run=run)
            if self._live is not None:
                raise
            # Better an answer without prices, which says so, than none.
            night = None
        made = Live.of(standing, self._policy, night)
        while not self._put_in_place(made):
            with self._store.reading() as connection:
                made = made.after(made.standing.after(connection))
        self._in_place()

    def _put_in_place(self, made: Live) -> bool:
        """Let readers have it, unless they have seen more already than it knows of."""
        with self._following:
            behind = self._live is not None and made.version < self._live.version
            if not behind:
                self._live = made
            return not behind

    def _night(self, run: str | None, standing: Standing) -> Night | None:
        if run is None:
            return None
        known = None if self._live is None else self._live.night
        if known is not None and known.run == run:
            return known
        return self._load(self._store, run, standing)


def _holds(live: Live) -> Wanted:
    return None if live.night is None else live.night.run, live.day
