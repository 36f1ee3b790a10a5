"""The service as a process of its own, from its start until it is ready."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

COMMAND = "from matcher.cli import main; main()"
"""What the installed command does, with this very checkout."""
PATIENCE = 120.0
"""Seconds within which the service must be ready, or have stopped."""
OFTEN = 0.02
"""Seconds between two questions whether it is ready."""
PAUSE, IDLE = 0.5, 0.2
"""It is at rest when it uses less than this share of a processor for so many seconds."""


@contextmanager
def serving(store: str, workers: int, log: Path) -> Iterator[tuple[str, psutil.Process, float]]:
    """Start the service, and stop it at the end of the block.

    Yields
    ------
    (str, Process, float)
        Its address, its process, and the seconds from its start until it was ready: until one
        of its processes was. The block begins when the others are as well.
    """
    port = _free_port()
    command = [sys.executable, "-c", COMMAND, "serve", "--port", str(port)]
    given = {
        "TREFFSIKKER_DATABASE": store,
        "TREFFSIKKER_DEVELOPMENT": "1",
        "TREFFSIKKER_RATE_LIMIT": "1000000/minute",
        "TREFFSIKKER_LOG_LEVEL": "warning",
        "PYTHONPATH": os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path),
    }
    with log.open("wb") as stream:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [*command, "--workers", str(workers)], env={**os.environ, **given},
            stdout=stream, stderr=stream, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address, process)
            taken = time.perf_counter() - begun
            family = psutil.Process(process.pid)
            _quiet(family)
            yield address, family, taken
        finally:
            process.terminate()
            process.wait(PATIENCE)


def cpu_seconds(process: psutil.Process) -> float:
    """Processor seconds of a process and its children so far."""
    times = [p.cpu_times() for p in (process, *process.children(recursive=True))]
    return float(sum(t.user + t.system for t in times))


def memory_mb(process: psutil.Process) -> float:
    """Memory of its largest process, in 2^20 bytes."""
    family = (process, *process.children(recursive=True))
    return float(max(p.memory_info().rss for p in family) / 2**20)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until the service answers that it is ready."""
    end = time.perf_counter() + PATIENCE
    while not _is_ready(address):
        if process.poll() is not None or time.perf_counter() > end:
            raise RuntimeError(f"the service did not start (exit code {process.returncode})")


def _quiet(family: psutil.Process) -> None:
    """Wait until no process of the service reads the queue any more."""
    before, now = -1.0, cpu_seconds(family)
    while now - before > IDLE * PAUSE:
        time.sleep(PAUSE)
        before, now = now, cpu_seconds(family)


def _is_ready(address: str) -> bool:
    try:
        if httpx.get(f"{address}/health/ready", timeout=PATIENCE).status_code == 200:
            return True
    except httpx.TransportError:
        pass
    time.sleep(OFTEN)
    return False


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
