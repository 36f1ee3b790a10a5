"""Start a night: only one at a time, and never twice for the same events and parameters."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from matcher.batch.question import Question
from matcher.store.database import Store, runs
from matcher.store.database.runs import NIGHT, Run, RunStatus
from matcher.store.database.work import latest_event


@dataclass(frozen=True, slots=True)
class Taken:
    """The worker has claimed the night: a new one, or one left unfinished by another worker."""

    run: Run


@dataclass(frozen=True, slots=True)
class Busy:
    """Another worker is running a night."""

    run: Run


@dataclass(frozen=True, slots=True)
class Done:
    """The same night is complete, and no event has happened since."""

    run: Run


def ask_night(store: Store, question: Question, *, day: date, at: datetime, asked_by: str) -> Run:
    """Enqueue a night; it waits until a worker claims it."""
    return runs.ask(store, NIGHT, question.to_mapping(), day=day, at=at, asked_by=asked_by)


def begin(
    store: Store,
    question: Question,
    *,
    day: date,
    at: datetime,
    worker: str,
    asked_by: str,
    silence: timedelta,
    gone: Callable[[str], bool],
) -> Taken | Busy | Done:
    """Claim the night of a day: an unfinished or waiting one, else a new one.

    Parameters
    ----------
    silence : timedelta
        A worker whose last heartbeat is older than this is considered gone.
    gone : callable
        Whether the worker of a name is known to have ended, however recent its heartbeat.

    Returns
    -------
    Taken, Busy or Done
        Unfinished nights for another day or with other parameters are cancelled.
    """
    with store.writing() as work:
        complete = _complete_run(store, question, day, latest_event(work.connection))
        for run in runs.open_runs(store, NIGHT):
            if _is_alive(run, at - silence) and not gone(run.worker or ""):
                return Busy(run)
        if complete is not None:
            return Done(complete)
        unfinished = _unfinished_run(store, question, day, at, worker)
        run = unfinished or ask_night(store, question, day=day, at=at, asked_by=asked_by)
        claimed = _claim(store, run, worker, at)
        assert claimed is not None, f"{run.id} can be taken by no one"
        return Taken(claimed)


def _is_alive(run: Run, since: datetime) -> bool:
    running = run.status is RunStatus.RUNNING
    return running and run.heartbeat_at is not None and run.heartbeat_at >= since


def _complete_run(store: Store, question: Question, day: date, latest: int) -> Run | None:
    run = runs.latest_complete(store)
    same = run is not None and run.day == day and run.question == question.to_mapping()
    return run if run is not None and same and run.based_on == latest else None


def _unfinished_run(
    store: Store, question: Question, day: date, at: datetime, worker: str
) -> Run | None:
    """Return the unfinished night of a day and its parameters; cancel other unfinished nights."""
    unfinished = None
    for run in runs.open_runs(store, NIGHT):
        if run.day == day and run.question == question.to_mapping() and not run.cancel_asked:
            unfinished = unfinished or run
        elif run.status is RunStatus.RUNNING:
            _claim(store, run, worker, at)
            runs.cancelled(store, run.id, worker=worker, at=at)
    return unfinished


def _claim(store: Store, run: Run, worker: str, at: datetime) -> Run | None:
    # Callers know that no worker is running the night, so that every heartbeat counts as stale.
    far_future = at + timedelta(days=36_500)
    return runs.claim(store, (NIGHT,), worker=worker, at=at, stale_before=far_future, run=run.id)
