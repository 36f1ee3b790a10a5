"""Response times of the service as rows, and their section of RESULTS.md."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.machine import format_facts
from benchmarks.results import FOLDER, PAGE_HEAD, PAGE_NAME
from benchmarks.service.load_client import TimedResponse
from benchmarks.table import TableColumn, format_markdown

REQUEST_KINDS = {
    "best": "the 25 best municipalities of one household, each time another",
    "changing": "the same, while someone changes a ledger every second",
    "all": "all municipalities with every reason against them",
}
"""Description of each kind of request, by name."""


@dataclass(frozen=True, slots=True)
class LatencyRow:
    """Response times of one kind of request.

    Parameters
    ----------
    kind : str
    rate : float
        Requests per second.
    answers : int
    failed : int
        Requests without a response, or with an error status.
    median_ms, p95_ms, p99_ms, worst_ms : float
        From when a request was due until the whole response had arrived.
    kilobytes : float
        Mean size of a response as sent.
    cpu_ms : float
        Processor time of the service per response.
    """

    kind: str
    rate: float
    answers: int
    failed: int
    median_ms: float
    p95_ms: float
    p99_ms: float
    worst_ms: float
    kilobytes: float
    cpu_ms: float

    @classmethod
    def of(
        cls, kind: str, rate: float, answers: Sequence[TimedResponse], cpu_seconds: float
    ) -> "LatencyRow":
        """Summarize the responses to one kind of request."""
        ms = 1000 * np.array([answer.seconds for answer in answers])
        median, p95, p99 = (float(q) for q in np.quantile(ms, (0.5, 0.95, 0.99)))
        return cls(
            kind,
            rate,
            len(answers),
            sum(not 200 <= a.status < 400 for a in answers),
            median,
            p95,
            p99,
            float(ms.max()),
            float(np.mean([answer.size for answer in answers])) / 1024,
            1000 * cpu_seconds / len(answers),
        )


@dataclass(frozen=True, slots=True)
class ServiceReport:
    """A run to be recorded in RESULTS.md.

    Parameters
    ----------
    rows : sequence of LatencyRow
    starts : sequence of float
        Seconds until the service was ready, for each start.
    memory_mb : float
        Memory of the largest process of the service.
    households, workers : int
    day : str
    machine : dict
    note : str
    """

    rows: Sequence[LatencyRow]
    starts: Sequence[float]
    memory_mb: float
    households: int
    workers: int
    day: str
    machine: dict[str, str]
    note: str = ""


def _number(decimals: int) -> TableColumn:
    return TableColumn("", "", lambda value: f"{value:.{decimals}f}")


LATENCY_COLUMNS = tuple(
    TableColumn(name, heading, None if decimals is None else _number(decimals).format_value)
    for name, heading, decimals in (
        ("kind", "question", None),
        ("rate", "a second", 0),
        ("answers", "answers", 0),
        ("failed", "failed", 0),
        ("median_ms", "median ms", 1),
        ("p95_ms", "95 % ms", 1),
        ("p99_ms", "99 % ms", 1),
        ("worst_ms", "worst ms", 1),
        ("kilobytes", "kB", 1),
        ("cpu_ms", "cpu ms", 1),
    )
)


def latency_frame(rows: Sequence[LatencyRow]) -> pd.DataFrame:
    """Convert rows to a data frame."""
    return pd.DataFrame([asdict(row) for row in rows])


def format_service_section(report: ServiceReport) -> str:
    """Format a run as a section."""
    starts = ", ".join(f"{seconds:.1f}" for seconds in sorted(report.starts))
    kinds = "\n".join(f"- `{row.kind}`: {REQUEST_KINDS[row.kind]}" for row in report.rows)
    parts = [
        f"## {report.day}: the service over HTTP",
        "By `python -m benchmarks.service --write`."
        f" {report.households} households in the queue, the real municipalities, an embedded store,"
        f" {report.workers} processes that answer, the client on the same machine. Milliseconds"
        " are counted from when a question was due, not from when it could be sent.",
        f"Measured on: {format_facts(report.machine)}.",
        f"Note: {report.note}" if report.note else "",
        kinds,
        format_markdown(latency_frame(report.rows), LATENCY_COLUMNS),
        f"From the start of the service until every process answers: {starts} s."
        f" Memory of the largest process: {report.memory_mb:.0f} MB.",
    ]
    return "\n\n".join(part for part in parts if part)


def write_service_section(report: ServiceReport, folder: Path = FOLDER) -> Path:
    """Append a run to RESULTS.md in a folder; return the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / PAGE_NAME
    before = page.read_text(encoding="utf-8") if page.exists() else PAGE_HEAD
    page.write_text(f"{before.rstrip()}\n\n{format_service_section(report)}\n", encoding="utf-8")
    return page
