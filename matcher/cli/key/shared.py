"""Shared by the key subcommands: the actor, the time, and the entry in the audit log."""

import getpass
from datetime import datetime
from typing import Any

from matcher.settings import Settings
from matcher.store.service.audit_chain import AuditRecord
from matcher.store.service.audit_log import append_entries
from matcher.store.store import Store

REQUEST_ID = "command"
"""Written in the audit log in place of a request number."""


def current_time(settings: Settings) -> datetime:
    """Return the current time in the service's time zone."""
    return settings.present_moment()


def command_actor() -> str:
    """Return the user who runs the command, by the account name on this machine."""
    return f"person:{getpass.getuser()}"


def record_command(store: Store, settings: Settings, action: str, **facts: Any) -> None:
    """Record in the audit log what the command is about to do."""
    append_entries(
        store,
        [
            AuditRecord(
                current_time(settings),
                command_actor(),
                f"treffsikker {action}",
                REQUEST_ID,
                facts=facts,
            )
        ],
    )
