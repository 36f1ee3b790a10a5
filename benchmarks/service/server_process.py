"""Run the service in a separate process, and measure how soon it is ready."""

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
"""Python code that does the same as the installed command, with this checkout."""
TIMEOUT_SECONDS = 120.0
"""Seconds within which the service must be ready, or have stopped."""
POLL_SECONDS = 0.02
"""Seconds between two checks whether the service is ready."""
IDLE_SECONDS, IDLE_SHARE = 0.5, 0.2
"""The service is idle if it uses at most this share of a processor for so many seconds."""


@contextmanager
def run_server(store: str, workers: int, log: Path) -> Iterator[tuple[str, psutil.Process, float]]:
    """Start the service, and stop it at the end of the block.

    Yields
    ------
    (str, Process, float)
        Its address, its process, and the seconds from its start until its first process was
        ready. The block begins when all its processes are ready.
    """
    port = _free_port()
    command = [sys.executable, "-c", COMMAND, "serve", "--port", str(port)]
    environment = {
        "TREFFSIKKER_DATABASE": store,
        "TREFFSIKKER_DEVELOPMENT": "1",
        "TREFFSIKKER_RATE_LIMIT": "1000000/minute",
        "TREFFSIKKER_LOG_LEVEL": "warning",
        "PYTHONPATH": os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path),
    }
    with log.open("wb") as stream:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [*command, "--workers", str(workers)],
            env={**os.environ, **environment},
            stdout=stream,
            stderr=stream,
            stdin=subprocess.DEVNULL,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_ready(address, process)
            ready_seconds = time.perf_counter() - begun
            family = psutil.Process(process.pid)
            _wait_until_idle(family)
            yield address, family, ready_seconds
        finally:
            process.terminate()
            process.wait(TIMEOUT_SECONDS)


def cpu_seconds(process: psutil.Process) -> float:
    """Return the processor seconds of a process and its children so far."""
    times = [p.cpu_times() for p in (process, *process.children(recursive=True))]
    return float(sum(t.user + t.system for t in times))


def memory_mb(process: psutil.Process) -> float:
    """Return the memory of the largest process of the service, in 2^20 bytes."""
    family = (process, *process.children(recursive=True))
    return float(max(p.memory_info().rss for p in family) / 2**20)


def _wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until the service reports that it is ready."""
    end = time.perf_counter() + TIMEOUT_SECONDS
    while not _is_ready(address):
        if process.poll() is not None or time.perf_counter() > end:
            raise RuntimeError(f"the service did not start (exit code {process.returncode})")


def _wait_until_idle(family: psutil.Process) -> None:
    """Wait until the service is idle: all its processes have then read the queue."""
    before, used = -1.0, cpu_seconds(family)
    while used - before > IDLE_SHARE * IDLE_SECONDS:
        time.sleep(IDLE_SECONDS)
        before, used = used, cpu_seconds(family)


def _is_ready(address: str) -> bool:
    try:
        if httpx.get(f"{address}/health/ready", timeout=TIMEOUT_SECONDS).status_code == 200:
            return True
    except httpx.TransportError:
        pass
    time.sleep(POLL_SECONDS)
    return False


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
