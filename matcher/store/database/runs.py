"""The job table: runs are queued, claimed by one worker at a time, and ended once.

A worker sends heartbeats while it works. When a worker's heartbeats stop, another worker takes its
run over; from then on the first worker can no longer write to the run.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import insert, select, update

from matcher.store.database import tables
from matcher.store.database.errors import ChangeError, LostRunError, UnknownRunError
from matcher.store.database.run_reading import (
    NIGHT,
    is_claimable,
    latest_complete,
    next_run_id,
    one_run,
    open_runs,
    output,
    outputs,
    run,
    runs,
)
from matcher.store.database.run_values import Output, Run, RunStatus, row_of, run_from
from matcher.store.database.store import Store
from matcher.store.database.work import Work, latest_event

__all__ = [
    "ALONE",
    "NIGHT",
    "Output",
    "Run",
    "RunStatus",
    "ask",
    "ask_cancel",
    "beat",
    "cancelled",
    "claim",
    "complete",
    "fail",
    "give_back",
    "keep",
    "latest_complete",
    "open_runs",
    "output",
    "outputs",
    "run",
    "runs",
]

ALONE = frozenset({NIGHT})
"""Kinds of which only one run may be running at a time, whichever worker has it."""


def ask(
    store: Store, kind: str, question: Mapping[str, Any], *, day: date, at: datetime, asked_by: str
) -> Run:
    """Queue a run; it waits until a worker claims it.

    Parameters
    ----------
    kind : str
        Kind of work, at most 20 characters.
    question : mapping
        Parameters of the run, as JSON values.
    day : date
        The day that it plans for.
    at : datetime
        When it is requested.
    asked_by : str
        Who requests it.
    """
    with store.writing() as work:
        identifier = next_run_id(work.connection, kind, day)
        queued = Run(identifier, kind, day, RunStatus.QUEUED, dict(question), None, asked_by, at)
        work.connection.execute(insert(tables.runs).values(row_of(queued)))
        return queued


def claim(
    store: Store,
    kinds: Collection[str],
    *,
    worker: str,
    at: datetime,
    stale_before: datetime,
    run: str | None = None,
) -> Run | None:
    """Claim the run that has waited longest, or a run whose worker has stalled.

    Parameters
    ----------
    kinds : collection of str
        Kinds of work that the worker can do.
    worker : str
        Name of the worker, unique over all processes and times.
    stale_before : datetime
        A worker whose latest heartbeat is before this moment has stalled.
    run : str or None
        Claim only the run with this identifier.

    Returns
    -------
    Run or None
        None when no run can be claimed, also because another run of an exclusive kind is running.
    """
    columns = tables.runs.c
    with store.writing() as work:
        claimable_kinds = _claimable_kinds(work, kinds, stale_before)
        query = (
            select(tables.runs)
            .where(columns.kind.in_(claimable_kinds), is_claimable(stale_before))
            .order_by(columns.asked_at, columns.id)
            .limit(1)
        )
        query = query if run is None else query.where(columns.id == run)
        row = work.connection.execute(query).mappings().one_or_none()
        return None if row is None else _assign(work, run_from(row), worker, at)


def beat(
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
    with store.writing() as work:
        claimed = _claimed_run(work, run, worker)
        values = {} if progress is None else {"progress": dict(progress)}
        _update(work, run, heartbeat_at=at, **values)
        return claimed.cancel_asked


def keep(
    store: Store, run: str, *, worker: str, at: datetime, name: str, media_type: str, body: bytes
) -> None:
    """Store an output of a step; store related outputs in one block of ``store.writing()``.

    Raises
    ------
    LostRunError
        When the run is no longer the worker's.
    ChangeError
        When the run already has an output of this name.
    """
    with store.writing() as work:
        _claimed_run(work, run, worker)
        if output(store, run, name) is not None:
            raise ChangeError(f"run {run} has its {name} already: outputs are never replaced")
        values = {"at": at, "media_type": media_type, "hash": sha256(body).hexdigest()}
        work.connection.execute(
            insert(tables.outputs).values(run=run, name=name, body=body, **values)
        )


def complete(store: Store, run: str, *, worker: str, at: datetime) -> None:
    """End a run whose outputs are all stored; from now on readers see them.

    Raises
    ------
    LostRunError
        When the run is no longer the worker's.
    """
    _end(store, run, worker, at, status=RunStatus.COMPLETE)


def fail(store: Store, run: str, *, worker: str, at: datetime, error: str) -> None:
    """End a run that has failed.

    Raises
    ------
    LostRunError
        When the run is no longer the worker's.
    """
    _end(store, run, worker, at, status=RunStatus.FAILED, error=error)


def cancelled(store: Store, run: str, *, worker: str, at: datetime) -> None:
    """End a run that its worker has stopped because a cancellation was requested.

    Raises
    ------
    LostRunError
        When the run is no longer the worker's.
    """
    _end(store, run, worker, at, status=RunStatus.CANCELLED)


def give_back(store: Store, run: str, *, worker: str, at: datetime) -> None:
    """Put a run back into the queue, as if the worker had not claimed it.

    Raises
    ------
    LostRunError
        When the run is no longer the worker's.
    """
    with store.writing() as work:
        claimed = _claimed_run(work, run, worker)
        if claimed.cancel_asked:
            cancelled(store, run, worker=worker, at=at)
            return
        values = {"worker": None, "heartbeat_at": None, "attempts": claimed.attempts - 1}
        _update(work, run, status=str(RunStatus.QUEUED), **values)


def ask_cancel(store: Store, identifier: str, *, at: datetime) -> Run:
    """Request the cancellation of a run; a run without a worker ends at once.

    Raises
    ------
    UnknownRunError
        When there is no such run.
    ChangeError
        When the run has ended.
    """
    with store.writing() as work:
        current = run(store, identifier)
        if current.status.over:
            raise ChangeError(
                f"run {identifier} is {current.status}: it can no longer be cancelled"
            )
        ended: dict[str, Any] = {"status": RunStatus.CANCELLED, "ended_at": at}
        _update(work, identifier, cancel_asked=True, **({} if current.worker else ended))
        return run(store, identifier)


def _claimable_kinds(work: Work, kinds: Collection[str], stale_before: datetime) -> list[str]:
    """Return the kinds of which a run can be claimed: no run of an exclusive kind is running."""
    columns = tables.runs.c
    query = select(columns.kind).where(
        columns.kind.in_(ALONE),
        columns.status == RunStatus.RUNNING,
        columns.heartbeat_at >= stale_before,
    )
    busy = set(work.connection.scalars(query))
    return [kind for kind in kinds if kind not in busy]


def _assign(work: Work, run: Run, worker: str, at: datetime) -> Run:
    based_on = latest_event(work.connection) if run.based_on is None else run.based_on
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
    return run_from(work.connection.execute(one_run(run.id)).mappings().one())


def _end(
    store: Store,
    identifier: str,
    worker: str,
    at: datetime,
    *,
    status: RunStatus,
    error: str | None = None,
) -> None:
    with store.writing() as work:
        _claimed_run(work, identifier, worker)
        _update(work, identifier, status=str(status), ended_at=at, heartbeat_at=at, error=error)


def _claimed_run(work: Work, identifier: str, worker: str) -> Run:
    """Read a run that the worker has claimed."""
    row = work.connection.execute(one_run(identifier)).mappings().one_or_none()
    if row is None:
        raise UnknownRunError(f"there is no run {identifier}")
    claimed = run_from(row)
    if claimed.status is not RunStatus.RUNNING or claimed.worker != worker:
        raise LostRunError(
            f"{worker} has run {identifier} no longer:"
            f" it is {claimed.status}, with {claimed.worker}"
        )
    return claimed


def _update(work: Work, identifier: str, **values: Any) -> None:
    work.connection.execute(
        update(tables.runs).where(tables.runs.c.id == identifier).values(**values)
    )
