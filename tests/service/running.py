"""The command as real processes, with settings of their own and their logs in a file."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECRET = "a-secret-of-these-tests-that-is-long-enough"
PROGRAM = "from matcher.cli import main; main()"
PATIENCE = 60.0
"""Seconds after which a process that does not answer or end is given up."""


def environment(**settings: object) -> dict[str, str]:
    """The environment of a process: no settings but these."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("TREFFSIKKER_")}
    given = {f"TREFFSIKKER_{k.upper()}": str(v) for k, v in settings.items()}
    return {**inherited, "PYTHONPATH": str(ROOT), "TREFFSIKKER_SECRET": SECRET, **given}


@dataclass
class Running:
    """A process of the command, and the file that its logs go to."""

    process: subprocess.Popen[str]
    log: Path
    said: str = ""

    @property
    def url(self) -> str:
        """Where a service answers."""
        found = re.search(r"http://[\w.:]+", self.said)
        assert found, self.said
        return found[0]

    def stop(self, with_signal: int = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; the exit code."""
        self.process.send_signal(with_signal)
        return self.process.wait(PATIENCE)


@contextmanager
def running(
    folder: Path, *words: str, until: str = "Ctrl+C", program: str = PROGRAM, **settings: object
) -> Iterator[Running]:
    """Start the command in a folder; it is there when it has said what is waited for."""
    log = folder / f"{words[0]}-{len(list(folder.glob('*.log')))}.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-c", program, *words],
            cwd=folder,
            env=environment(**settings),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    found = Running(process, log)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            found.said += line
            if until in line:
                break
        assert until in found.said, log.read_text()
        yield found
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(PATIENCE)
        process.stdout.close()


def ended(
    folder: Path, *words: str, program: str = PROGRAM, **settings: object
) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder to its end."""
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=folder,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
