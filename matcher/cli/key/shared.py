"""Shared by the key subcommands: the actor, the time, and the entry in the audit log."""

import getpass
from datetime import datetime
from typing import Any

from matcher.settings import Settings
from matcher.store.database import Store
from matcher.store.database.audit_log import append
from matcher.store.database.audit_rows import Entry

REQUEST_ID = "command"
"""Written in the audit log in place of a request number."""


def now(settings: Settings) -> datetime:
    """Return the current time in the service's time zone."""
    return datetime.now(settings.zone)


def actor() -> str:
    """Return the user who runs the command, by the account name on this machine."""
    return f"person:{getpass.getuser()}"


def note(store: Store, settings: Settings, action: str, **facts: Any) -> None:
    """Record in the audit log what the command is about to do."""
    append(store, [Entry(now(settings), actor(), f"treffsikker {action}", REQUEST_ID, facts=facts)])
