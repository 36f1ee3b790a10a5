"""Starting a night: one at a time, whoever starts it, and never twice for the same thing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from matcher.batch.question import Question
from matcher.store.database import Store, runs
from matcher.store.database.runs import NIGHT, Run, RunStatus
from matcher.store.database.work import latest_event


@dataclass(frozen=True, slots=True)
class Taken:
    """The night is the worker's now, new or left by one that has gone."""

    run: Run


@dataclass(frozen=True, slots=True)
class Busy:
    """Another is at a night."""

    run: Run


@dataclass(frozen=True, slots=True)
class Done:
    """The same night is complete, and nothing has happened since."""

    run: Run


def ask_night(store: Store, question: Question, *, day: date, at: datetime, asked_by: str) -> Run:
    """Ask for a night; it waits until a worker takes it."""
    return runs.ask(store, NIGHT, question.to_mapping(), day=day, at=at, asked_by=asked_by)


def begin(
    store: Store, question: Question, *, day: date, at: datetime, worker: str, asked_by: str,
    silence: timedelta, gone: Callable[[str], bool],
) -> Taken | Busy | Done:  # fmt: skip
    """Take the night of a day: one left unfinished or waiting, else a new one.

    Parameters
    ----------
    silence : timedelta
        After so long without a heartbeat a worker has gone.
    gone : callable
        Whether a worker, by its name, is known to have gone, however lately it was heard.

    Returns
    -------
    Taken, Busy or Done
        Of nights that others left unfinished for another day or question, none is gone on with:
        they are cancelled.
    """
    with store.writing() as work:
        done = _done(store, question, day, latest_event(work.connection))
        for run in runs.open_runs(store, NIGHT):
            if _lives(run, at - silence) and not gone(run.worker or ""):
                return Busy(run)
        if done is not None:
            return Done(done)
        left = _left(store, question, day, at, worker)
        found = left or ask_night(store, question, day=day, at=at, asked_by=asked_by)
        taken = _take(store, found, worker, at)
        assert taken is not None, f"{found.id} can be taken by no one"
        return Taken(taken)


def _lives(run: Run, since: datetime) -> bool:
    running = run.status is RunStatus.RUNNING
    return running and run.heartbeat_at is not None and run.heartbeat_at >= since


def _done(store: Store, question: Question, day: date, latest: int) -> Run | None:
    found = runs.latest_complete(store)
    same = found is not None and found.day == day and found.question == question.to_mapping()
    return found if found is not None and same and found.based_on == latest else None


def _left(store: Store, question: Question, day: date, at: datetime, worker: str) -> Run | None:
    """Give the unfinished night of a day and question; cancel others that no one is at."""
    kept = None
    for run in runs.open_runs(store, NIGHT):
        if run.day == day and run.question == question.to_mapping() and not run.cancel_asked:
            kept = kept or run
        elif run.status is RunStatus.RUNNING:
            _take(store, run, worker, at)
            runs.cancelled(store, run.id, worker=worker, at=at)
    return kept


def _take(store: Store, run: Run, worker: str, at: datetime) -> Run | None:
    # That no one is at a night is known here, whatever the heartbeats say.
    never = at + timedelta(days=36_500)
    return runs.claim(store, (NIGHT,), worker=worker, at=at, stale_before=never, run=run.id)
