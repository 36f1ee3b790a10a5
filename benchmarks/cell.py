"""One cell in a process of its own: ``python -m benchmarks.cell TASK ANSWER``.

TASK is a task as JSON, ANSWER the file that the row is written to; whatever a solver prints
cannot get in between.
"""

import json
import sys
from dataclasses import asdict, replace
from pathlib import Path

from benchmarks.cases import case_of
from benchmarks.meter import peak_mb
from benchmarks.row import Task


def main(task: str, answer: str) -> None:
    """Measure a task and write its row."""
    asked = Task(**json.loads(task))
    row = replace(case_of(asked.case).measure(asked), peak_mb=peak_mb())
    Path(answer).write_text(json.dumps(asdict(row)), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
