"""What the subcommands on keys share: who gives the command, when, and its entry in the log."""

import getpass
from datetime import datetime
from typing import Any

from matcher.settings import Settings
from matcher.store.database import Store
from matcher.store.database.audit_log import append
from matcher.store.database.audit_rows import Entry

COMMAND = "command"
"""Stands for the number of a request."""


def now(settings: Settings) -> datetime:
    """Give this moment in the service's time zone."""
    return datetime.now(settings.zone)


def actor() -> str:
    """Give who uses the command, as the machine knows them."""
    return f"person:{getpass.getuser()}"


def note(store: Store, settings: Settings, action: str, **facts: Any) -> None:
    """Keep in the audit log what the command is about to do."""
    append(store, [Entry(now(settings), actor(), f"treffsikker {action}", COMMAND, facts=facts)])
