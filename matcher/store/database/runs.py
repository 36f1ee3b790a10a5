"""Runs: heavy work that is asked for, taken by one worker at a time, and ended once.

A worker shows with heartbeats that it is at work. A run whose worker has fallen silent is taken
over by another; the first one can no longer write to it, should it come back.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, and_, insert, or_, select, update

from matcher.store.database import tables
from matcher.store.database.errors import ChangeError, LostRunError, UnknownRunError
from matcher.store.database.run_reading import (
    NIGHT,
    latest_complete,
    one_run,
    open_runs,
    output,
    outputs,
    run,
    runs,
)
from matcher.store.database.run_values import (
    Output,
    Run,
    RunStatus,
    row_of,
    run_from,
)
from matcher.store.database.store import Store
from matcher.store.database.work import Work, latest_event

__all__ = [
    "ALONE", "NIGHT", "Output", "Run", "RunStatus", "ask", "ask_cancel", "beat", "cancelled",
    "claim", "complete", "fail", "give_back", "keep", "latest_complete", "open_runs",
    "output", "outputs", "run", "runs",
]  # fmt: skip

ALONE = frozenset({NIGHT})
"""Kinds of which one run at the most is going on, whoever starts it."""


def ask(
    store: Store, kind: str, question: Mapping[str, Any], *, day: date, at: datetime, asked_by: str
) -> Run:
    """Ask for a run; it waits until a worker takes it.

    Parameters
    ----------
    kind : str
        20 characters at the most.
    question : mapping
        Values that JSON can say.
    """
    with store.writing() as work:
        identifier = _new_id(work, kind, day)
        made = Run(identifier, kind, day, RunStatus.QUEUED, dict(question), None, asked_by, at)
        work.connection.execute(insert(tables.runs).values(row_of(made)))
        return made


def claim(
    store: Store, kinds: Collection[str], *, worker: str, at: datetime, stale_before: datetime,
    run: str | None = None,
) -> Run | None:  # fmt: skip
    """Take the run that has waited longest, or one whose worker has fallen silent.

    Parameters
    ----------
    kinds : collection of str
        What the worker can do.
    worker : str
        Different for each process that ever works.
    stale_before : datetime
        A worker not heard of since then has fallen silent.
    run : str or None
        Only this one.

    Returns
    -------
    Run or None
        None when there is nothing to do, or another of a kind that runs alone is going on.
    """
    columns = tables.runs.c
    with store.writing() as work:
        query = (
            select(tables.runs)
            .where(columns.kind.in_(_free(work, kinds, stale_before)), _waits(stale_before))
            .order_by(columns.asked_at, columns.id)
            .limit(1)
        )
        found = work.connection.execute(query if run is None else query.where(columns.id == run))
        row = found.mappings().one_or_none()
        return None if row is None else _take(work, run_from(row), worker, at)


def beat(
    store: Store, run: str, *, worker: str, at: datetime, progress: Mapping[str, Any] | None = None
) -> bool:
    """Show that the worker is at work; whether someone has asked it to stop.

    Parameters
    ----------
    progress : mapping or None
        For those who follow the run; as before unless given.

    Raises
    ------
    LostRunError
        When the worker has the run no longer.
    """
    with store.writing() as work:
        held = _held(work, run, worker)
        told = {} if progress is None else {"progress": dict(progress)}
        _change(work, run, heartbeat_at=at, **told)
        return held.cancel_asked


def keep(
    store: Store, run: str, *, worker: str, at: datetime, name: str, media_type: str, body: bytes
) -> None:
    """Keep what a step made. Outputs that belong together go in one block of ``store.writing()``.

    Raises
    ------
    LostRunError
        When the worker has the run no longer.
    ChangeError
        When the run has an output of this name.
    """
    with store.writing() as work:
        _held(work, run, worker)
        if output(store, run, name) is not None:
            raise ChangeError(f"run {run} has its {name} already: outputs are never replaced")
        values = {"at": at, "media_type": media_type, "hash": sha256(body).hexdigest()}
        work.connection.execute(
            insert(tables.outputs).values(run=run, name=name, body=body, **values)
        )


def complete(store: Store, run: str, *, worker: str, at: datetime) -> None:
    """End a run whose outputs are all there; from now on readers see them.

    Raises
    ------
    LostRunError
        When the worker has the run no longer.
    """
    _end(store, run, worker, at, status=RunStatus.COMPLETE)


def fail(store: Store, run: str, *, worker: str, at: datetime, error: str) -> None:
    """End a run that cannot be done.

    Raises
    ------
    LostRunError
        When the worker has the run no longer.
    """
    _end(store, run, worker, at, status=RunStatus.FAILED, error=error)


def cancelled(store: Store, run: str, *, worker: str, at: datetime) -> None:
    """End a run that the worker stopped because it was asked to.

    Raises
    ------
    LostRunError
        When the worker has the run no longer.
    """
    _end(store, run, worker, at, status=RunStatus.CANCELLED)


def give_back(store: Store, run: str, *, worker: str, at: datetime) -> None:
    """Put a run back among those that wait, as if the worker had not taken it.

    Raises
    ------
    LostRunError
        When the worker has the run no longer.
    """
    with store.writing() as work:
        held = _held(work, run, worker)
        if held.cancel_asked:
            cancelled(store, run, worker=worker, at=at)
            return
        _change(
            work, run, status=str(RunStatus.QUEUED), worker=None, heartbeat_at=None,
            attempts=held.attempts - 1,
        )  # fmt: skip


def ask_cancel(store: Store, identifier: str, *, at: datetime) -> Run:
    """Ask that a run be stopped. One that no worker has taken is over at once.

    Raises
    ------
    UnknownRunError
        When there is none.
    ChangeError
        When it is over.
    """
    with store.writing() as work:
        found = run(store, identifier)
        if found.status.over:
            raise ChangeError(f"run {identifier} is {found.status}: it can no longer be cancelled")
        ended: dict[str, Any] = {"status": RunStatus.CANCELLED, "ended_at": at}
        _change(work, identifier, cancel_asked=True, **({} if found.worker else ended))
        return run(store, identifier)


def _new_id(work: Work, kind: str, day: date) -> str:
    columns = tables.runs.c
    start = f"{kind}-{day}-"
    query = select(columns.id).where(columns.kind == kind, columns.day == day)
    taken = [int(identifier.removeprefix(start)) for identifier in work.connection.scalars(query)]
    return f"{start}{max(taken, default=0) + 1}"


def _waits(stale_before: datetime) -> ColumnElement[bool]:
    columns = tables.runs.c
    silent = and_(columns.status == RunStatus.RUNNING, columns.heartbeat_at < stale_before)
    return or_(columns.status == RunStatus.QUEUED, silent)


def _free(work: Work, kinds: Collection[str], stale_before: datetime) -> list[str]:
    """Give the kinds of which a run can be taken now."""
    columns = tables.runs.c
    query = select(columns.kind).where(
        columns.kind.in_(ALONE),
        columns.status == RunStatus.RUNNING,
        columns.heartbeat_at >= stale_before,
    )
    busy = set(work.connection.scalars(query))
    return [kind for kind in kinds if kind not in busy]


def _take(work: Work, found: Run, worker: str, at: datetime) -> Run:
    based_on = latest_event(work.connection) if found.based_on is None else found.based_on
    _change(
        work, found.id, status=str(RunStatus.RUNNING), worker=worker, heartbeat_at=at,
        started_at=found.started_at or at, attempts=found.attempts + 1, based_on=based_on,
    )  # fmt: skip
    return run_from(work.connection.execute(one_run(found.id)).mappings().one())


def _end(
    store: Store, identifier: str, worker: str, at: datetime, *, status: RunStatus,
    error: str | None = None,
) -> None:  # fmt: skip
    with store.writing() as work:
        _held(work, identifier, worker)
        _change(work, identifier, status=str(status), ended_at=at, heartbeat_at=at, error=error)


def _held(work: Work, identifier: str, worker: str) -> Run:
    """Give a run that the worker has."""
    row = work.connection.execute(one_run(identifier)).mappings().one_or_none()
    if row is None:
        raise UnknownRunError(f"there is no run {identifier}")
    found = run_from(row)
    if found.status is not RunStatus.RUNNING or found.worker != worker:
        raise LostRunError(
            f"{worker} has run {identifier} no longer: it is {found.status}, with {found.worker}"
        )
    return found


def _change(work: Work, identifier: str, **values: Any) -> None:
    work.connection.execute(
        update(tables.runs).where(tables.runs.c.id == identifier).values(**values)
    )
