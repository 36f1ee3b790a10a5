"""Write rows to files for other programs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.frames import to_frame
from benchmarks.row import Row

SUFFIXES = (".csv", ".json")


def export_rows(rows: Sequence[Row], path: Path, facts: Mapping[str, str]) -> None:
    """Write rows as CSV or JSON, by the file's suffix, with date, machine and versions.

    In a CSV file the facts are columns, the same in every row.
    """
    if path.suffix == ".csv":
        to_frame(rows).assign(**facts).to_csv(path, index=False)
        return
    content = {**facts, "rows": [asdict(row) for row in rows]}
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
