"""A night carried out by the process that was started for it, with progress for whoever looks."""

import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from threading import Thread
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from matcher.batch import Night, do_night
from matcher.batch.errors import NoNightPlanError
from matcher.cli.sentences import texts
from matcher.cli.service import address
from matcher.cli.shared import NightFailedError, following
from matcher.logs import configure_logs
from matcher.settings import Settings
from matcher.solve import Progress
from matcher.store.database import Store
from matcher.store.database.runs import NIGHT, Run, RunStatus
from matcher.store.database.runs import run as run_of
from matcher.texts import Language
from matcher.working import Errand, Worker

Follow = Callable[[Progress], None]


class Shown:
    """An errand whose steps are shown as they go.

    Parameters
    ----------
    errand : Errand
    language : "nb" or "en"
    """

    def __init__(self, errand: Errand, language: Language) -> None:
        self.store, self.run, self.worker = errand.store, errand.run, errand.worker
        self.clock, self.stopped = errand.clock, errand.stopped
        self._errand, self._words = errand, texts(language)
        self._step: AbstractContextManager[Follow] | None = None
        self._told: Follow = lambda _: None

    def at(self, step: str, **facts: Any) -> None:
        """Tell followers, and show the step until the next begins."""
        self._errand.at(step, **facts)
        if "number" in facts:
            self.end()
            text = self._words[f"night.step.{step}"]
            self._step = following(f"{facts['number']}/{facts['of']} {text}")
            self._told = self._step.__enter__()

    def follow(self, progress: Progress) -> None:
        """Tell followers, and show, where a solve stands."""
        self._errand.follow(progress)
        self._told(progress)

    def end(self) -> None:
        """Show the last step no longer."""
        if self._step is not None:
            self._step.__exit__(None, None, None)
            self._step = None


def carried_out(
    store: Store, settings: Settings, worker: str, run: Run, language: Language
) -> Night:
    """Carry out a night that this process has taken.

    Raises
    ------
    NoNightPlanError
        When no plan was found in time.
    NightFailedError
        When it failed, was cancelled, or this process was told to stop.
    """
    configure_logs("error")
    planless: list[NoNightPlanError] = []

    def shown(errand: Errand) -> None:
        watch = Shown(errand, language)
        try:
            do_night(watch)
        except NoNightPlanError as error:
            planless.append(error)
            raise
        finally:
            watch.end()

    at_work = Worker(
        store, settings, {NIGHT: shown}, worker, lambda: datetime.now(settings.zone)
    )  # fmt: skip
    with _leaving(at_work):
        outcome = at_work.carry_out(run)
    ended = run_of(store, run.id)
    if planless:
        raise planless[0]
    if ended.status is not RunStatus.COMPLETE:
        error = f"{ended.error.rstrip('.')}." if ended.error else ""
        facts = {"run": run.id, "outcome": outcome, "error": error}
        raise NightFailedError(texts(language)["night.failed"].format(**facts).strip())
    return Night(store, ended)


@contextmanager
def told_of_database(settings: Settings, language: Language) -> Iterator[None]:
    """Tell in one sentence that the database cannot be used, and that no half night is in it.

    Raises
    ------
    NightFailedError
        Instead of the database's own error.
    """
    try:
        yield
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip()
        facts = {"database": address(settings), "reason": reason}
        raise NightFailedError(texts(language)["night.unreachable"].format(**facts)) from error


@contextmanager
def _leaving(worker: Worker) -> Iterator[None]:
    """Have the worker give the night back when the process is asked to end."""
    before = {}
    for number in (signal.SIGTERM, signal.SIGINT):
        # In a thread: a handler that interrupts a wait for an event must not touch the event.
        before[number] = signal.signal(number, lambda *_: Thread(target=worker.leave).start())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
