"""Measure one cell in a separate process: ``python -m benchmarks.cell TASK ANSWER``.

TASK is a task as JSON. The row is written to the file ANSWER, so that it cannot be mixed with
what a solver prints.
"""

import json
import sys
from dataclasses import asdict, replace
from pathlib import Path

from benchmarks.cases import get_case
from benchmarks.meter import peak_mb
from benchmarks.row import Task


def main(task: str, row_path: str) -> None:
    """Measure a task and write its row."""
    cell = Task(**json.loads(task))
    row = replace(get_case(cell.case).measure(cell), peak_mb=peak_mb())
    Path(row_path).write_text(json.dumps(asdict(row)), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
