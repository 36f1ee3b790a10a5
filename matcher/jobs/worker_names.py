"""Names of workers: unique per process, so that others on the machine see when it has ended."""

import os
import socket
from pathlib import Path
from uuid import uuid4

PID_NAMESPACE = Path("/proc/self/ns/pid")
"""Linux identifies the process namespace here; process numbers are unique only within one."""


def new_worker_name() -> str:
    """Return a name that no other process has or had: machine, process number, random part."""
    return f"{_machine()}-{os.getpid()}-{uuid4().hex[:8]}"


def worker_has_ended(worker: str) -> bool:
    """Return whether a worker was a process of this machine that no longer exists.

    False when this cannot be known: for workers of other machines, which only missing heartbeats
    reveal, and where another process has taken over the process number.
    """
    machine, _, process = worker.rpartition("-")[0].rpartition("-")
    if machine != _machine() or not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False


def _machine() -> str:
    namespace = PID_NAMESPACE.stat().st_ino if PID_NAMESPACE.exists() else 0
    return f"{socket.gethostname()}-{namespace}"
