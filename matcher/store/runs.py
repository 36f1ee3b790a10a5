"""The job table: runs are queued, claimed by one worker at a time, and ended once.

A worker sends heartbeats while it works. When they stop, another worker takes its run over.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import insert, select, update

from matcher.store import tables
from matcher.store.errors import ChangeError, LostRunError, UnknownRunError
from matcher.store.run_queries import (
    NIGHT_KIND,
    Output,
    Run,
    RunStatus,
    find_output,
    find_run_in_force,
    get_run,
    is_claimable,
    list_open_runs,
    list_outputs,
    list_runs,
    next_run_id,
    run_from_row,
    run_to_row,
    select_run,
)
from matcher.store.store import Store
from matcher.store.unit_of_work import UnitOfWork, read_latest_event_id

__all__ = [
    "EXCLUSIVE_KINDS",
    "NIGHT_KIND",
    "Output",
    "Run",
    "RunStatus",
    "claim_run",
    "complete_run",
    "enqueue_run",
    "fail_run",
    "find_output",
    "find_run_in_force",
    "get_run",
    "list_open_runs",
    "list_outputs",
    "list_runs",
    "mark_cancelled",
    "release_run",
    "renew_lease",
    "request_cancellation",
    "store_output",
]

EXCLUSIVE_KINDS = frozenset({NIGHT_KIND})
"""Kinds of which only one run may be running at a time, whichever worker has it."""


def enqueue_run(
    store: Store, kind: str, question: Mapping[str, Any], *, day: date, at: datetime, asked_by: str
) -> Run:
    """Queue a run; it waits until a worker claims it.

    Parameters
    ----------
    kind : str
        Kind of work, at most 20 characters.
    question : mapping
        Parameters of the run, as JSON values.
    day, at, asked_by : date, datetime, str
        The day that it plans for, which is not after the present day
        (:class:`~matcher.store.errors.FutureDayError`); when and by whom it is requested.
    """
    with store.unit_of_work() as work:
        work.check_day(day)
        identifier = next_run_id(work.connection, kind, day)
        queued = Run(identifier, kind, day, RunStatus.QUEUED, dict(question), None, asked_by, at)
        work.connection.execute(insert(tables.runs).values(run_to_row(queued)))
        return queued


def claim_run(
    store: Store,
    kinds: Collection[str],
    *,
    worker: str,
    at: datetime,
    stalled_before: datetime,
    run: str | None = None,
) -> Run | None:
    """Claim the run that has waited longest, or a run whose worker has stalled.

    Parameters
    ----------
    kinds : collection of str
        Kinds of work that the worker can do.
    worker : str
        Name of the worker, unique over all processes and times.
    stalled_before : datetime
        A worker whose latest heartbeat is before this moment has stalled.
    run : str or None
        Claim only the run with this identifier.

    Returns
    -------
    Run or None
        None when no run can be claimed, also because another run of an exclusive kind is running.
    """
    columns = tables.runs.c
    with store.unit_of_work() as work:
        claimable_kinds = _claimable_kinds(work, kinds, stalled_before)
        query = (
            select(tables.runs)
            .where(columns.kind.in_(claimable_kinds), is_claimable(stalled_before))
            .order_by(columns.asked_at, columns.id)
            .limit(1)
        )
        query = query if run is None else query.where(columns.id == run)
        row = work.connection.execute(query).mappings().one_or_none()
        return None if row is None else _assign(work, run_from_row(row), worker, at)


def renew_lease(
    store: Store, run: str, *, worker: str, at: datetime, progress: Mapping[str, Any] | None = None
) -> bool:
    """Record a heartbeat of the worker; return whether a cancellation is requested.

    Parameters
    ----------
    progress : mapping or None
        New progress of the run; None leaves the progress unchanged.

    Raises
    ------
    LostRunError
        When the run is no longer the worker's.
    """
    with store.unit_of_work() as work:
        claimed = _claimed_run(work, run, worker)
        values = {} if progress is None else {"progress": dict(progress)}
        _update(work, run, heartbeat_at=at, **values)
        return claimed.cancel_asked


def store_output(
    store: Store, run: str, *, worker: str, at: datetime, name: str, media_type: str, body: bytes
) -> None:
    """Store an output of a step; store related outputs in one block of ``store.unit_of_work()``.

    Raises
    ------
    LostRunError
        When the run is no longer the worker's.
    ChangeError
        When the run already has an output of this name.
    """
    with store.unit_of_work() as work:
        _claimed_run(work, run, worker)
        if find_output(store, run, name) is not None:
            raise ChangeError(f"run {run} has its {name} already: outputs are never replaced")
        values = {"at": at, "media_type": media_type, "hash": sha256(body).hexdigest()}
        work.connection.execute(
            insert(tables.outputs).values(run=run, name=name, body=body, **values)
        )


def complete_run(store: Store, run: str, *, worker: str, at: datetime) -> None:
    """End a run whose outputs are all stored; from now on readers see them.

    Raises
    ------
    LostRunError
        When the run is no longer the worker's.
    """
    _end(store, run, worker, at, status=RunStatus.COMPLETE)


def fail_run(store: Store, run: str, *, worker: str, at: datetime, error: str) -> None:
    """End a run that has failed.

    Raises
    ------
    LostRunError
        When the run is no longer the worker's.
    """
    _end(store, run, worker, at, status=RunStatus.FAILED, error=error)


def mark_cancelled(store: Store, run: str, *, worker: str, at: datetime) -> None:
    """End a run that its worker has stopped because a cancellation was requested.

    Raises
    ------
    LostRunError
        When the run is no longer the worker's.
    """
    _end(store, run, worker, at, status=RunStatus.CANCELLED)


def release_run(store: Store, run: str, *, worker: str, at: datetime) -> None:
    """Put a run back into the queue, as if the worker had not claimed it.

    Raises
    ------
    LostRunError
        When the run is no longer the worker's.
    """
    with store.unit_of_work() as work:
        claimed = _claimed_run(work, run, worker)
        if claimed.cancel_asked:
            mark_cancelled(store, run, worker=worker, at=at)
            return
        values = {"worker": None, "heartbeat_at": None, "attempts": claimed.attempts - 1}
        _update(work, run, status=str(RunStatus.QUEUED), **values)


def request_cancellation(store: Store, identifier: str, *, at: datetime) -> Run:
    """Request the cancellation of a run; a run without a worker ends at once.

    Raises
    ------
    UnknownRunError
        When there is no such run.
    ChangeError
        When the run has ended.
    """
    with store.unit_of_work() as work:
        current = get_run(store, identifier)
        if current.status.is_final:
            raise ChangeError(
                f"run {identifier} is {current.status}: it can no longer be cancelled"
            )
        ended: dict[str, Any] = {"status": RunStatus.CANCELLED, "ended_at": at}
        _update(work, identifier, cancel_asked=True, **({} if current.worker else ended))
        return get_run(store, identifier)


def _claimable_kinds(work: UnitOfWork, kinds: Collection[str], stale_before: datetime) -> list[str]:
    """Return the kinds of which a run can be claimed: no run of an exclusive kind is running."""
    columns = tables.runs.c
    query = select(columns.kind).where(
        columns.kind.in_(EXCLUSIVE_KINDS),
        columns.status == RunStatus.RUNNING,
        columns.heartbeat_at >= stale_before,
    )
    busy = set(work.connection.scalars(query))
    return [kind for kind in kinds if kind not in busy]


def _assign(work: UnitOfWork, run: Run, worker: str, at: datetime) -> Run:
    based_on = read_latest_event_id(work.connection) if run.based_on is None else run.based_on
    _update(
        work,
        run.id,
        status=str(RunStatus.RUNNING),
        worker=worker,
        heartbeat_at=at,
        started_at=run.started_at or at,
        attempts=run.attempts + 1,
        based_on=based_on,
    )
    return run_from_row(work.connection.execute(select_run(run.id)).mappings().one())


def _end(
    store: Store,
    identifier: str,
    worker: str,
    at: datetime,
    *,
    status: RunStatus,
    error: str | None = None,
) -> None:
    with store.unit_of_work() as work:
        _claimed_run(work, identifier, worker)
        _update(work, identifier, status=str(status), ended_at=at, heartbeat_at=at, error=error)


def _claimed_run(work: UnitOfWork, identifier: str, worker: str) -> Run:
    """Read a run that the worker has claimed."""
    row = work.connection.execute(select_run(identifier)).mappings().one_or_none()
    if row is None:
        raise UnknownRunError(f"there is no run {identifier}")
    claimed = run_from_row(row)
    if claimed.status is not RunStatus.RUNNING or claimed.worker != worker:
        raise LostRunError(
            f"{worker} has run {identifier} no longer:"
            f" it is {claimed.status}, with {claimed.worker}"
        )
    return claimed


def _update(work: UnitOfWork, identifier: str, **values: Any) -> None:
    work.connection.execute(
        update(tables.runs).where(tables.runs.c.id == identifier).values(**values)
    )
