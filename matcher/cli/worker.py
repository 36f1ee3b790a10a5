"""``treffsikker worker``: carry out requested plans and what-ifs until stopped."""

import signal
from collections.abc import Callable
from datetime import datetime
from threading import Thread
from typing import Annotated

import typer

from matcher.cli.sentences import texts
from matcher.cli.service import DatabaseOption, address, open_store, settings_of_store
from matcher.cli.shared import LanguageOption, say
from matcher.logs import configure_logs
from matcher.settings import Settings
from matcher.working import Worker
from matcher.working.kinds import KINDS
from matcher.working.names import worker_name

Once = Annotated[
    bool, typer.Option("--once", help="End when no run waits, instead of waiting for more.")
]


def run(
    database: DatabaseOption = None, once: Once = False, language: LanguageOption = "nb"
) -> None:
    """Carry out requested plans and what-ifs one at a time; start one worker for each core."""
    settings = settings_of_store(database=database)
    configure_logs(settings.log_level)
    with open_store(settings) as store:
        worker = Worker(store, settings, KINDS, worker_name(), _clock(settings))
        for number in (signal.SIGTERM, signal.SIGINT):
            # Use a thread: a handler may interrupt a wait for the event that ``leave`` sets.
            signal.signal(number, lambda *_: Thread(target=worker.leave).start())
        facts = {"worker": worker.name, "database": address(settings)}
        say(texts(language)["working"].format(**facts))
        if once:
            worker.work_off()
        else:
            worker.work()


def _clock(settings: Settings) -> Callable[[], datetime]:
    return lambda: datetime.now(settings.zone)
