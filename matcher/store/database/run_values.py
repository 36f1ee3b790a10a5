"""Values of runs: what was asked, how far it has come, and what its steps left."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping


class RunStatus(StrEnum):
    """How far a run has come."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETE = "complete"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        """Whether nothing more happens to the run."""
        return self not in (RunStatus.QUEUED, RunStatus.RUNNING)


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it stood when it was read.

    Parameters
    ----------
    id : str
        Kind, day and a number: ``night-2026-11-22-1``.
    kind : str
        ``night`` or another kind of work.
    day : date
        The day that it plans for.
    status : RunStatus
    question : mapping
        What was asked, as its kind understands it.
    based_on : int or None
        The latest event when the run was first taken; None before.
    asked_by : str
    asked_at : datetime
    started_at, ended_at, heartbeat_at : datetime or None
        When a worker first took it, when it ended, when its worker was last heard of.
    worker : str or None
        Who has it, or had it last.
    attempts : int
        How often it was taken.
    cancel_asked : bool
    progress : mapping
        As the worker last told it.
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
    """What a step of a run left.

    Parameters
    ----------
    name : str
    at : datetime
    media_type : str
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


def run_from(row: RowMapping) -> Run:
    """Give the run that a row of the table says."""
    return Run(**{**row, "status": RunStatus(row["status"])})


def row_of(run: Run) -> dict[str, Any]:
    """Give the row of a run."""
    return {**asdict(run), "status": str(run.status)}


def output_from(row: RowMapping) -> Output:
    """Give the output that a row of the table says, with or without its body."""
    return Output(**{key: value for key, value in row.items() if key != "run"})
