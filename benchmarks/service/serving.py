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


@contextmanager
def serving(store: str, workers: int, log: Path) -> Iterator[tuple[str, psutil.Process, float]]:
    """Start the service, and stop it at the end of the block.

    Yields
    ------
    (str, Process, float)
        Its address, its process, and the seconds from its start until it was ready.
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
            _wait(address, process, workers)
            yield address, psutil.Process(process.pid), time.perf_counter() - begun
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


def _wait(address: str, process: subprocess.Popen[bytes], workers: int) -> None:
    """Wait until each process has answered that it is ready."""
    end = time.perf_counter() + PATIENCE
    ready = 0
    while ready < workers * 3:
        if process.poll() is not None or time.perf_counter() > end:
            raise RuntimeError(f"the service did not start (exit code {process.returncode})")
        # A connection of its own each time: they are shared out among the processes.
        ready = ready + 1 if _is_ready(address) else 0


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
