"""Carry out a night in the process that was started for it, and show its progress."""

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from threading import Thread
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from matcher.cli.sentences import texts
from matcher.cli.shared import NightFailedError, show_progress
from matcher.cli.store_access import redacted_address
from matcher.jobs.job_context import JobContext
from matcher.jobs.night.night import run_night
from matcher.jobs.night.night_run import NightRun, NoNightPlanError
from matcher.jobs.worker import Worker
from matcher.logs import configure_logging
from matcher.settings import Settings
from matcher.solve.stopping import Progress, ignore_progress
from matcher.store.runs import NIGHT_KIND, Run, RunStatus, get_run
from matcher.store.store import Store
from matcher.texts import Language

ProgressCallback = Callable[[Progress], None]


class NightProgress:
    """Shows the steps of a night on the terminal, as a listener of its job.

    Parameters
    ----------
    language : "nb" or "en"
    """

    def __init__(self, language: Language) -> None:
        self._texts = texts(language)
        self._step: AbstractContextManager[ProgressCallback] | None = None
        self._show_progress: ProgressCallback = ignore_progress

    def step_entered(self, step: str, facts: Mapping[str, Any]) -> None:
        """Show a step of the night until the next one begins."""
        if "number" in facts:
            self.close_step()
            text = self._texts[f"night.step.{step}"]
            self._step = show_progress(f"{facts['number']}/{facts['of']} {text}")
            self._show_progress = self._step.__enter__()

    def solve_progressed(self, progress: Progress) -> None:
        """Show the progress of the solve."""
        self._show_progress(progress)

    def close_step(self) -> None:
        """Stop showing the current step."""
        if self._step is not None:
            self._step.__exit__(None, None, None)
            self._step = None


def carry_out_night(
    store: Store, settings: Settings, worker: str, run: Run, language: Language
) -> NightRun:
    """Carry out a night that this process has claimed.

    Raises
    ------
    NoNightPlanError
        When no plan was found in time.
    NightFailedError
        When the night failed or was cancelled, or this process was asked to stop.
    """
    configure_logging("error")
    no_plan_errors: list[NoNightPlanError] = []
    progress = NightProgress(language)

    def run_night_once(context: JobContext) -> None:
        try:
            run_night(context)
        except NoNightPlanError as error:
            no_plan_errors.append(error)
            raise
        finally:
            progress.close_step()

    runner = Worker(
        store,
        settings,
        {NIGHT_KIND: run_night_once},
        worker,
        settings.present_moment,
        listener=progress,
    )
    with _leave_on_signal(runner):
        outcome = runner.execute(run)
    ended = get_run(store, run.id)
    if no_plan_errors:
        raise no_plan_errors[0]
    if ended.status is not RunStatus.COMPLETE:
        error = f"{ended.error.rstrip('.')}." if ended.error else ""
        facts = {"run": run.id, "outcome": outcome, "error": error}
        raise NightFailedError(texts(language)["night.failed"].format(**facts).strip())
    return NightRun(store, ended)


@contextmanager
def explain_database_errors(settings: Settings, language: Language) -> Iterator[None]:
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
        facts = {"database": redacted_address(settings), "reason": reason}
        raise NightFailedError(texts(language)["night.unreachable"].format(**facts)) from error


@contextmanager
def _leave_on_signal(worker: Worker) -> Iterator[None]:
    """Make the worker give the night back when the process is asked to end."""
    before = {}
    for number in (signal.SIGTERM, signal.SIGINT):
        # Use a thread: a signal handler may interrupt a wait for the event that ``stop`` sets.
        before[number] = signal.signal(number, lambda *_: Thread(target=worker.stop).start())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
