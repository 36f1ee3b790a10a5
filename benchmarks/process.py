"""Measure a cell in a separate process: a crash there does not stop the run."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.cases import get_case
from benchmarks.row import Row, Task

LAST_WORDS = 300
"""Characters of a crashed process's error stream that are recorded."""


def measure_in_process(task: Task, grace_seconds: float) -> Row:
    """Measure a task in a new process.

    Parameters
    ----------
    task : Task
    grace_seconds : float
        Seconds beyond the time limits of the task's solves after which the process is killed.
    """
    with TemporaryDirectory() as folder:
        answer, errors = Path(folder) / "row.json", Path(folder) / "errors.txt"
        limit = get_case(task.case).solve_count * task.seconds + grace_seconds
        code = _run(task, answer, errors, limit)
        if code is None:
            message = f"ended after {limit:g} s"
            return Row.of(task, "timed out", message)
        if code != 0 or not answer.exists():
            return Row.of(task, "crashed", _why(code, errors))
        return Row(**json.loads(answer.read_text(encoding="utf-8")))


def _run(task: Task, answer: Path, errors: Path, limit: float) -> int | None:
    """Run a task; return the exit code, or None if the process had to be killed."""
    command = [sys.executable, "-m", "benchmarks.cell", json.dumps(asdict(task)), str(answer)]
    path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
    with errors.open("wb") as stream:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stream,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,
        )
        try:
            return process.wait(limit)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and the solvers it started, unless it has ended by itself."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _why(code: int, errors: Path) -> str:
    last = errors.read_text(encoding="utf-8", errors="replace").strip().rpartition("\n")[2]
    how = f"ended by signal {-code}" if code < 0 else f"exit code {code}"
    return f"{how}: {last[-LAST_WORDS:]}" if last else how
