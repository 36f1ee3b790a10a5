"""Start a night: only one at a time, and never twice for the same events and parameters."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from matcher.jobs.night.night_run import NightParameters
from matcher.store import runs
from matcher.store.runs import NIGHT_KIND, Run, RunStatus
from matcher.store.store import Store
from matcher.store.unit_of_work import read_latest_event_id


@dataclass(frozen=True, slots=True)
class NightClaimed:
    """The worker has claimed the night: a new one, or one left unfinished by another worker."""

    run: Run


@dataclass(frozen=True, slots=True)
class NightAlreadyRunning:
    """Another worker is running a night."""

    run: Run


@dataclass(frozen=True, slots=True)
class NightUpToDate:
    """The same night is complete, and no event has happened since."""

    run: Run


def enqueue_night(
    store: Store, parameters: NightParameters, *, day: date, at: datetime, asked_by: str
) -> Run:
    """Enqueue a night; it waits until a worker claims it."""
    return runs.enqueue_run(
        store, NIGHT_KIND, parameters.to_mapping(), day=day, at=at, asked_by=asked_by
    )


def claim_night(
    store: Store,
    parameters: NightParameters,
    *,
    day: date,
    at: datetime,
    worker: str,
    asked_by: str,
    stalled_after: timedelta,
    worker_has_ended: Callable[[str], bool],
) -> NightClaimed | NightAlreadyRunning | NightUpToDate:
    """Claim the night of a day: an unfinished or waiting one, else a new one.

    Parameters
    ----------
    stalled_after : timedelta
        A worker whose last heartbeat is older than this is considered gone.
    worker_has_ended : callable
        Whether the worker of a name is known to have ended, however recent its heartbeat.

    Returns
    -------
    NightClaimed, NightAlreadyRunning or NightUpToDate
        Unfinished nights for another day or with other parameters are cancelled.
    """
    with store.unit_of_work() as work:
        complete = _complete_run(store, parameters, day, read_latest_event_id(work.connection))
        for run in runs.list_open_runs(store, NIGHT_KIND):
            if _is_alive(run, at - stalled_after) and not worker_has_ended(run.worker or ""):
                return NightAlreadyRunning(run)
        if complete is not None:
            return NightUpToDate(complete)
        unfinished = _unfinished_run(store, parameters, day, at, worker)
        run = unfinished or enqueue_night(store, parameters, day=day, at=at, asked_by=asked_by)
        claimed = _claim(store, run, worker, at)
        assert claimed is not None, f"{run.id} can be taken by no one"
        return NightClaimed(claimed)


def _is_alive(run: Run, since: datetime) -> bool:
    running = run.status is RunStatus.RUNNING
    return running and run.heartbeat_at is not None and run.heartbeat_at >= since


def _complete_run(store: Store, parameters: NightParameters, day: date, latest: int) -> Run | None:
    run = runs.find_run_in_force(store)
    same = run is not None and run.day == day and run.question == parameters.to_mapping()
    return run if run is not None and same and run.based_on == latest else None


def _unfinished_run(
    store: Store, parameters: NightParameters, day: date, at: datetime, worker: str
) -> Run | None:
    """Return the unfinished night of a day and its parameters; cancel other unfinished nights."""
    unfinished = None
    for run in runs.list_open_runs(store, NIGHT_KIND):
        if run.day == day and run.question == parameters.to_mapping() and not run.cancel_asked:
            unfinished = unfinished or run
        elif run.status is RunStatus.RUNNING:
            _claim(store, run, worker, at)
            runs.mark_cancelled(store, run.id, worker=worker, at=at)
    return unfinished


def _claim(store: Store, run: Run, worker: str, at: datetime) -> Run | None:
    # Callers know that no worker is running the night, so that every heartbeat counts as stale.
    far_future = at + timedelta(days=36_500)
    return runs.claim_run(
        store, (NIGHT_KIND,), worker=worker, at=at, stalled_before=far_future, run=run.id
    )
