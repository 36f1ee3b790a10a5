"""Names of workers: each process has its own, and another of the machine can tell it has ended."""

import os
import socket
from pathlib import Path
from uuid import uuid4

PROCESSES = Path("/proc/self/ns/pid")
"""Where Linux tells apart processes of one machine that are counted from different beginnings."""


def worker_name() -> str:
    """Give a name that no other process has or had: machine, process, something random."""
    return f"{_machine()}-{os.getpid()}-{uuid4().hex[:8]}"


def has_ended(worker: str) -> bool:
    """Whether a worker was a process of this machine that is there no longer.

    Of others nothing can be told but by their silence; nor where another process has its number.
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
    space = PROCESSES.stat().st_ino if PROCESSES.exists() else 0
    return f"{socket.gethostname()}-{space}"
