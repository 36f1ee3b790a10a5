"""Runs and their outputs as values, and how they are read: one, lists, the run in force."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, or_, select

from matcher.store import tables
from matcher.store.errors import UnknownRunError
from matcher.store.store import Store
from matcher.store.unit_of_work import SELECT_LATEST_EVENT_ID


class RunStatus(StrEnum):
    """The state of a run in the job table."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETE = "complete"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether the run has ended."""
        return self not in (RunStatus.QUEUED, RunStatus.RUNNING)


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it was when it was read.

    Parameters
    ----------
    id : str
        Kind, day and a number: ``night-2026-11-22-1``.
    kind : str
        Kind of work: ``night`` or another kind.
    day : date
        The day that it plans for.
    status : RunStatus
        Its state in the job table.
    question : mapping
        The parameters of the run; their meaning depends on the kind.
    based_on : int or None
        Identifier of the latest event when a worker first claimed the run; None before.
    asked_by : str
        Who requested it.
    asked_at : datetime
        When it was requested.
    started_at, ended_at, heartbeat_at : datetime or None
        When a worker first claimed it, when it ended, when its worker last sent a heartbeat.
    worker : str or None
        The worker that has claimed it, or had claimed it last.
    attempts : int
        How often it was claimed.
    cancel_asked : bool
        Whether somebody has requested its cancellation.
    progress : mapping
        Progress as the worker last reported it.
    error : str or None
        Why it failed.
    """

    id: str
    kind: str
    day: date
    status: RunStatus
    question: Mapping[str, Any]
    based_on: int | None
    asked_by: str
    asked_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    heartbeat_at: datetime | None = None
    worker: str | None = None
    attempts: int = 0
    cancel_asked: bool = False
    progress: Mapping[str, Any] = field(default_factory=dict)
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """An output of a step of a run.

    Parameters
    ----------
    name : str
        Unique within the run.
    at : datetime
        When it was stored.
    media_type : str
        Media type of the body.
    hash : str
        SHA-256 of the body, in hexadecimal.
    body : bytes or None
        None in lists.
    """

    name: str
    at: datetime
    media_type: str
    hash: str
    body: bytes | None = None


def run_from_row(row: RowMapping) -> Run:
    """Build a run from a row of the table."""
    return Run(**{**row, "status": RunStatus(row["status"])})


def run_to_row(run: Run) -> dict[str, Any]:
    """Build the row of a run for the table."""
    return {**asdict(run), "status": str(run.status)}


def output_from_row(row: RowMapping) -> Output:
    """Build an output from a row of the table, with or without its body."""
    return Output(**{key: value for key, value in row.items() if key != "run"})


NIGHT_KIND = "night"


def _select_in_force(selected: Any, kind: str = NIGHT_KIND) -> Select[Any]:
    """Build the query for the run in force: of the latest day the run that ended last."""
    columns = tables.runs.c
    return (
        select(selected)
        .where(columns.kind == kind, columns.status == RunStatus.COMPLETE)
        .order_by(columns.day.desc(), columns.ended_at.desc())
        .limit(1)
    )


SELECT_LATEST_VERSIONS = select(
    SELECT_LATEST_EVENT_ID.scalar_subquery(), _select_in_force(tables.runs.c.id).scalar_subquery()
)
"""Latest event and night in force, on which every answer rests; one query, built only once."""


def get_run(store: Store, identifier: str) -> Run:
    """Read a run.

    Raises
    ------
    UnknownRunError
        When there is no such run.
    """
    with store.read_transaction() as connection:
        row = connection.execute(select_run(identifier)).mappings().one_or_none()
    if row is None:
        raise UnknownRunError(f"there is no run {identifier}")
    return run_from_row(row)


def list_runs(
    store: Store, kind: str | None = None, limit: int = 50, before: str | None = None
) -> list[Run]:
    """List runs, latest request first.

    Parameters
    ----------
    kind : str or None
        Only runs of this kind.
    limit : int
        Number of runs at most.
    before : str or None
        Only runs that were requested before the run with this identifier.

    Raises
    ------
    UnknownRunError
        When there is no run with the identifier ``before``.
    """
    columns = tables.runs.c
    query = select(tables.runs).order_by(columns.asked_at.desc(), columns.id.desc()).limit(limit)
    if kind is not None:
        query = query.where(columns.kind == kind)
    if before is not None:
        previous = get_run(store, before)
        same_moment = and_(columns.asked_at == previous.asked_at, columns.id < previous.id)
        query = query.where(or_(columns.asked_at < previous.asked_at, same_moment))
    with store.read_transaction() as connection:
        return [run_from_row(row) for row in connection.execute(query).mappings()]


def list_open_runs(store: Store, kind: str = NIGHT_KIND) -> list[Run]:
    """List runs of a kind that have not ended, earliest request first."""
    columns = tables.runs.c
    open_ = [str(status) for status in RunStatus if not status.is_final]
    query = (
        select(tables.runs)
        .where(columns.kind == kind, columns.status.in_(open_))
        .order_by(columns.asked_at, columns.id)
    )
    with store.read_transaction() as connection:
        return [run_from_row(row) for row in connection.execute(query).mappings()]


def find_run_in_force(
    store: Store, kind: str = NIGHT_KIND, *, until: date | None = None
) -> Run | None:
    """Read the run in force, None before any: of the latest day the run that ended last.

    Parameters
    ----------
    until : date or None
        Leave out runs of later days.
    """
    query = _select_in_force(tables.runs, kind)
    query = query if until is None else query.where(tables.runs.c.day <= until)
    with store.read_transaction() as connection:
        row = connection.execute(query).mappings().one_or_none()
    return None if row is None else run_from_row(row)


def read_latest_versions(connection: Connection) -> tuple[int, str | None]:
    """Read the identifiers of the latest event and of the night in force; 0 and None before any."""
    event, night = connection.execute(SELECT_LATEST_VERSIONS).one()
    return event or 0, night


def find_output(store: Store, run: str, name: str) -> Output | None:
    """Read an output with its body; None when the run has no output of this name."""
    columns = tables.outputs.c
    with store.read_transaction() as connection:
        query = select(tables.outputs).where(columns.run == run, columns.name == name)
        row = connection.execute(query).mappings().one_or_none()
    return None if row is None else output_from_row(row)


def list_outputs(store: Store, run: str) -> list[Output]:
    """List the outputs of a run without their bodies, sorted by name."""
    columns = tables.outputs.c
    with store.read_transaction() as connection:
        query = (
            select(columns.run, columns.name, columns.at, columns.media_type, columns.hash)
            .where(columns.run == run)
            .order_by(columns.name)
        )
        return [output_from_row(row) for row in connection.execute(query).mappings()]


def select_run(identifier: str) -> Select[Any]:
    """Build the query for a single run."""
    return select(tables.runs).where(tables.runs.c.id == identifier)


def is_claimable(stale_before: datetime) -> ColumnElement[bool]:
    """Build the condition that a run is queued, or that its worker has stalled."""
    columns = tables.runs.c
    stalled = and_(columns.status == RunStatus.RUNNING, columns.heartbeat_at < stale_before)
    return or_(columns.status == RunStatus.QUEUED, stalled)


def next_run_id(connection: Connection, kind: str, day: date) -> str:
    """Return the first free identifier for a new run of a kind and day."""
    columns = tables.runs.c
    prefix = f"{kind}-{day}-"
    query = select(columns.id).where(columns.kind == kind, columns.day == day)
    numbers = [int(identifier.removeprefix(prefix)) for identifier in connection.scalars(query)]
    return f"{prefix}{max(numbers, default=0) + 1}"
