"""Carry out a night in the process that was started for it, and show its progress."""

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
    """An errand whose steps are shown on the terminal while it runs.

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
        self._show_progress: Follow = lambda _: None

    def at(self, step: str, **facts: Any) -> None:
        """Report the step to followers, and show it until the next one begins."""
        self._errand.at(step, **facts)
        if "number" in facts:
            self.end()
            text = self._words[f"night.step.{step}"]
            self._step = following(f"{facts['number']}/{facts['of']} {text}")
            self._show_progress = self._step.__enter__()

    def follow(self, progress: Progress) -> None:
        """Report the progress of a solve to followers, and show it."""
        self._errand.follow(progress)
        self._show_progress(progress)

    def end(self) -> None:
        """Stop showing the current step."""
        if self._step is not None:
            self._step.__exit__(None, None, None)
            self._step = None


def carried_out(
    store: Store, settings: Settings, worker: str, run: Run, language: Language
) -> Night:
    """Carry out a night that this process has claimed.

    Raises
    ------
    NoNightPlanError
        When no plan was found in time.
    NightFailedError
        When the night failed or was cancelled, or this process was asked to stop.
    """
    configure_logs("error")
    no_plan_errors: list[NoNightPlanError] = []

    def show_night(errand: Errand) -> None:
        watch = Shown(errand, language)
        try:
            do_night(watch)
        except NoNightPlanError as error:
            no_plan_errors.append(error)
            raise
        finally:
            watch.end()

    runner = Worker(
        store, settings, {NIGHT: show_night}, worker, lambda: datetime.now(settings.zone)
    )
    with _leave_on_signal(runner):
        outcome = runner.carry_out(run)
    ended = run_of(store, run.id)
    if no_plan_errors:
        raise no_plan_errors[0]
    if ended.status is not RunStatus.COMPLETE:
        error = f"{ended.error.rstrip('.')}." if ended.error else ""
        facts = {"run": run.id, "outcome": outcome, "error": error}
        raise NightFailedError(texts(language)["night.failed"].format(**facts).strip())
    return Night(store, ended)


@contextmanager
def told_of_database(settings: Settings, language: Language) -> Iterator[None]:
    """Report a database error in one sentence, which also says that no partial night is stored.

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
def _leave_on_signal(worker: Worker) -> Iterator[None]:
    """Make the worker give the night back when the process is asked to end."""
    before = {}
    for number in (signal.SIGTERM, signal.SIGINT):
        # Use a thread: a signal handler may interrupt a wait for the event that ``leave`` sets.
        before[number] = signal.signal(number, lambda *_: Thread(target=worker.leave).start())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
