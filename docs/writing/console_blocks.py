"""Read and refresh the console blocks of a page: commands and their output."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ConsoleCommand:
    """A command in a page, and the output that the page shows for it."""

    command: str
    output: str


def parse_commands(page: str) -> list[ConsoleCommand]:
    """List the commands of all console blocks: the lines that begin with ``$``, in order."""
    return [step for block in BLOCK.findall(page) for step in _steps(block)]


def run_command(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder with the ``treffsikker`` of this Python; errors do not raise."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "100"}
    return subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=environment,
        text=True,
        capture_output=True,
        check=False,
    )


def refresh_outputs(page: Path, copied_files: Mapping[str, str] | None = None) -> None:
    """Run every command of a page in order, and write its output below it.

    Parameters
    ----------
    page : Path
        The page to rewrite.
    copied_files : mapping of str to str, or None
        Files that the commands write, and their names beside the page to which they are copied.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = BLOCK.sub(lambda match: _rerun(match[1], folder), page.read_text(encoding="utf-8"))
        for source, target in (copied_files or {}).items():
            shutil.copyfile(folder / source, page.parent / target)
    page.write_text(text, encoding="utf-8")


def _rerun(block: str, folder: Path) -> str:
    lines = []
    for step in _steps(block):
        sys.stdout.write(f"$ {step.command}\n")
        lines += [f"$ {step.command}", run_command(step.command, folder).stdout.rstrip()]
    return "```console\n" + "\n".join(line for line in lines if line) + "\n```"


def _steps(block: str) -> list[ConsoleCommand]:
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    return [ConsoleCommand(*_split(part)) for part in parts]


def _split(part: str) -> tuple[str, str]:
    command, _, printed = part.partition("\n")
    return command, printed
