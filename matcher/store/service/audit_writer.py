"""A background thread that writes the audit log, so that many requests share one commit."""

from collections.abc import Sequence
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Lock, Thread

from matcher.errors import TreffsikkerError
from matcher.store.service.audit_chain import AuditRecord
from matcher.store.service.audit_log import append_entries
from matcher.store.store import Store

MAX_BATCH_ENTRIES = 1000
"""Number of entries in one commit at most, so that no request waits long."""


class AuditClosedError(TreffsikkerError):
    """The audit log accepts no more entries: the service is stopping."""


_Batch = Sequence[tuple[Sequence[AuditRecord], Future[None]]]
"""Entries of several requests, each with the future that its request waits for."""


class AuditWriter:
    """Writes entries in the background.

    Entries that arrive during a commit are written together in the next one.

    Parameters
    ----------
    store : Store
        The store that holds the log.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._queue: SimpleQueue[tuple[Sequence[AuditRecord], Future[None]] | None] = SimpleQueue()
        self._closed, self._close_lock = False, Lock()
        self._thread = Thread(target=self._run, name="audit", daemon=True)
        self._thread.start()

    def submit(self, entries: Sequence[AuditRecord]) -> Future[None]:
        """Queue entries; the future is done when they are durable, or could not be written.

        Raises
        ------
        AuditClosedError
            After :meth:`close`.
        """
        future: Future[None] = Future()
        # No entries may be queued after the None that ends the thread.
        with self._close_lock:
            if self._closed:
                raise AuditClosedError("the service is stopping; ask again in a moment")
            self._queue.put((entries, future))
        return future

    def close(self) -> None:
        """Write the queued entries, and stop."""
        with self._close_lock:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while True:
            batch, is_open = self._next_batch()
            if batch:
                self._write(batch)
            if not is_open:
                return

    def _next_batch(self) -> tuple[_Batch, bool]:
        """Wait for entries; return all that are queued, and whether more can come."""
        batch: list[tuple[Sequence[AuditRecord], Future[None]]] = []
        count = 0
        while not batch or (count < MAX_BATCH_ENTRIES and not self._queue.empty()):
            submission = self._queue.get()
            if submission is None:
                return batch, False
            batch.append(submission)
            count += len(submission[0])
        return batch, True

    def _write(self, batch: _Batch) -> None:
        try:
            append_entries(self.store, [entry for entries, _ in batch for entry in entries])
        except Exception as error:  # noqa: BLE001
            self._write_one_by_one(batch, error)
            return
        for _, future in batch:
            future.set_result(None)

    def _write_one_by_one(self, batch: _Batch, error: Exception) -> None:
        """Write each request's entries alone, so that only those that cannot be written fail."""
        if len(batch) == 1:
            batch[0][1].set_exception(error)
            return
        for submission in batch:
            self._write([submission])
