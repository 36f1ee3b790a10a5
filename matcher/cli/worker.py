"""``treffsikker worker``: carry out requested plans and what-ifs until stopped."""

import signal
from threading import Thread
from typing import Annotated

import typer

from matcher.cli.sentences import texts
from matcher.cli.shared import LanguageOption, print_line
from matcher.cli.store_access import (
    DatabaseOption,
    open_store,
    read_store_settings,
    redacted_address,
)
from matcher.jobs.handlers import JOB_HANDLERS
from matcher.jobs.worker import Worker, new_worker_name
from matcher.logs import configure_logging

Once = Annotated[
    bool, typer.Option("--once", help="End when no run waits, instead of waiting for more.")
]


def run(
    database: DatabaseOption = None, once: Once = False, language: LanguageOption = "nb"
) -> None:
    """Carry out requested plans and what-ifs one at a time; start one worker for each core."""
    settings = read_store_settings(database=database)
    configure_logging(settings.log_level)
    with open_store(settings) as store:
        worker = Worker(store, settings, JOB_HANDLERS, new_worker_name(), settings.present_moment)
        for number in (signal.SIGTERM, signal.SIGINT):
            # Use a thread: a handler may interrupt a wait for the event that ``stop`` sets.
            signal.signal(number, lambda *_: Thread(target=worker.stop).start())
        facts = {"worker": worker.name, "database": redacted_address(settings)}
        print_line(texts(language)["working"].format(**facts))
        if once:
            worker.drain()
        else:
            worker.run()
