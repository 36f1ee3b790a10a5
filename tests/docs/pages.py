"""Pages of the documentation taken apart: named files, blocks of code, commands; and run."""

import contextlib
import io
import re
import shlex
import subprocess
from pathlib import Path
from unittest.mock import patch

from matcher.cli import main

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
NAMED = re.compile(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"(`[\w./-]+`:\n\n)?^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def page(place: str) -> str:
    """A page by its place beneath ``docs``."""
    return (DOCS / place).read_text(encoding="utf-8")


def named_files(text: str) -> dict[str, str]:
    """Blocks that come after a line with nothing but a file's name."""
    return dict(NAMED.findall(text))


def python_blocks(text: str) -> list[str]:
    """Blocks of Python that are no named files."""
    return [code for name, code in PYTHON.findall(text) if not name]


def command(line: str) -> tuple[int, str]:
    """Run a line of a console block in the current folder: exit code, and output as piped."""
    words = shlex.split(line, comments=True)
    if words[0] != "treffsikker":
        done = subprocess.run(line, shell=True, text=True, capture_output=True, check=False)
        return done.returncode, done.stdout
    out, errors = io.StringIO(), contextlib.redirect_stderr(io.StringIO())
    with patch("sys.argv", words), contextlib.redirect_stdout(out), errors:
        try:
            main()
        except SystemExit as end:
            return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()
