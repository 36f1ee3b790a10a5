"""One thread that writes the audit log, so that many requests share one commit."""

from collections.abc import Sequence
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Lock, Thread

from matcher.errors import TreffsikkerError
from matcher.store.database.audit_log import append
from matcher.store.database.audit_rows import Entry
from matcher.store.database.store import Store

TOGETHER = 1000
"""Entries of one commit at the most, so that no answer waits long."""


class AuditClosedError(TreffsikkerError):
    """The audit log takes no more entries: the service is stopping."""


class AuditWriter:
    """Writes entries in the background, together those that come while a commit is under way.

    Parameters
    ----------
    store : Store
        Where the log is.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._waiting: SimpleQueue[tuple[Sequence[Entry], Future[None]] | None] = SimpleQueue()
        self._closed, self._door = False, Lock()
        self._thread = Thread(target=self._work, name="audit", daemon=True)
        self._thread.start()

    def submit(self, entries: Sequence[Entry]) -> Future[None]:
        """Hand in entries; what is given back is done when they are durable, or could not be kept.

        Raises
        ------
        AuditClosedError
            After :meth:`close`.
        """
        future: Future[None] = Future()
        # Nothing may come after the mark that ends the thread.
        with self._door:
            if self._closed:
                raise AuditClosedError("the service is stopping; ask again in a moment")
            self._waiting.put((entries, future))
        return future

    def close(self) -> None:
        """Write what has been handed in, and stop."""
        with self._door:
            if not self._closed:
                self._closed = True
                self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        while True:
            taken, more = self._take()
            if taken:
                self._write(taken)
            if not more:
                return

    def _take(self) -> tuple[list[tuple[Sequence[Entry], Future[None]]], bool]:
        """Wait for something; give all that is there, and whether more can come."""
        taken: list[tuple[Sequence[Entry], Future[None]]] = []
        count = 0
        while not taken or (count < TOGETHER and not self._waiting.empty()):
            found = self._waiting.get()
            if found is None:
                return taken, False
            taken.append(found)
            count += len(found[0])
        return taken, True

    def _write(self, taken: Sequence[tuple[Sequence[Entry], Future[None]]]) -> None:
        try:
            append(self.store, [entry for entries, _ in taken for entry in entries])
        except Exception as error:  # noqa: BLE001
            self._write_apart(taken, error)
            return
        for _, future in taken:
            future.set_result(None)

    def _write_apart(
        self, taken: Sequence[tuple[Sequence[Entry], Future[None]]], error: Exception
    ) -> None:
        """Have an entry that cannot be kept stop nobody else's answer."""
        if len(taken) == 1:
            taken[0][1].set_exception(error)
            return
        for one in taken:
            self._write([one])
