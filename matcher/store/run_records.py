"""Records of the job table: runs, their status and the outputs of their steps."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping


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
