"""``python -m benchmarks.service``: start the service, send requests, print, record."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Annotated
from urllib.parse import quote
from zoneinfo import ZoneInfo

import psutil
import typer

from benchmarks import progress as watching
from benchmarks.machine import describe_machine, format_facts
from benchmarks.results import FOLDER
from benchmarks.service.latency import (
    LATENCY_COLUMNS,
    REQUEST_KINDS,
    LatencyRow,
    ServiceReport,
    latency_frame,
    write_service_section,
)
from benchmarks.service.load_client import send_requests
from benchmarks.service.server_process import cpu_seconds, memory_mb, run_server
from benchmarks.service.store_setup import ACTOR, PreparedStore, prepare_store
from benchmarks.table import print_frame
from matcher.store.ledger import revise_ledger
from matcher.store.stamp import Stamp
from matcher.store.store import Store

ZONE = ZoneInfo("Europe/Oslo")
ALL_RATE_DIVISOR = 10
"""Factor by which requests for all municipalities are sent less often."""
QUERIES = {"best": "", "changing": "", "all": "?limit=400&include=barred"}
FAILED = 1
"""Exit code when a request failed."""

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
def main(
    *,
    households: Annotated[int, typer.Option(min=10, help="In the queue.")] = 5000,
    profile: Annotated[str, typer.Option(help="Of the queue.")] = "busy-night",
    seed: Annotated[int, typer.Option(help="Of the queue.")] = 1,
    rate: Annotated[float, typer.Option(min=1, help="Questions a second.")] = 50.0,
    seconds: Annotated[float, typer.Option(min=1, help="How long each kind is asked.")] = 30.0,
    workers: Annotated[int, typer.Option(min=1, help="Processes that answer.")] = 2,
    starts: Annotated[int, typer.Option(min=1, help="How often the service is started.")] = 3,
    write: Annotated[bool, typer.Option("--write", help="Append to RESULTS.md.")] = False,
    into: Annotated[
        Path, typer.Option(show_default="benchmarks", help="Folder of RESULTS.md.")
    ] = FOLDER,
    day: Annotated[str, typer.Option("--date", help="Of the run, YYYY-MM-DD.")] = "",
    note: Annotated[str, typer.Option(help="What else a reader should know.")] = "",
) -> None:
    """Measure how long a caseworker waits for ranked placements, and how soon the service is up."""
    if write and not day:
        raise typer.BadParameter("--write needs the day of the run: --date YYYY-MM-DD")
    facts = describe_machine()
    watching.print_status(format_facts(facts))
    with TemporaryDirectory() as folder:
        watching.print_status(f"Making a store with {households} households, and its night")
        store = prepare_store(Path(folder), profile, households, seed, datetime.now(ZONE))
        log = Path(folder) / "service.log"
        cold = [_start_seconds(store, workers, log) for _ in range(starts - 1)]
        with run_server(store.url, workers, log) as (address, process, ready_seconds):
            rows = [
                _measure(kind, store, (address, process), rate, seconds) for kind in REQUEST_KINDS
            ]
            memory = memory_mb(process)
    report = ServiceReport(
        rows, [*cold, ready_seconds], memory, households, workers, day, facts, note
    )
    print_frame(latency_frame(rows), LATENCY_COLUMNS)
    watching.print_status(f"Ready after {', '.join(f'{s:.1f}' for s in report.starts)} s")
    if write:
        watching.print_status(f"Written: {write_service_section(report, into)}")
    if any(row.failed for row in rows):
        raise typer.Exit(FAILED)


def _start_seconds(store: PreparedStore, workers: int, log: Path) -> float:
    with run_server(store.url, workers, log) as (_, _, ready_seconds):
        return ready_seconds


def _measure(
    kind: str,
    store: PreparedStore,
    service: tuple[str, psutil.Process],
    rate: float,
    seconds: float,
) -> LatencyRow:
    address, process = service
    watching.print_status(f"Asking for {REQUEST_KINDS[kind]}")
    question_rate = rate / ALL_RATE_DIVISOR if kind == "all" else rate
    paths = _paths(kind, store, int(question_rate * seconds))
    # Warm up: each process answers some requests before the measurement.
    send_requests(address, store.key, paths[:20], question_rate)
    before = cpu_seconds(process)
    with _changing_ledger(store.url) if kind == "changing" else nullcontext():
        answers = send_requests(address, store.key, paths, question_rate)
    return LatencyRow.of(kind, question_rate, answers, cpu_seconds(process) - before)


def _paths(kind: str, store: PreparedStore, count: int) -> list[str]:
    """Return paths of placements, of households spread over the queue in a scattered order."""
    step = 1 + 2 * (len(store.households) // 3)
    names = (store.households[k * step % len(store.households)] for k in range(count))
    return [f"/api/v1/households/{quote(name)}/placements{QUERIES[kind]}" for name in names]


@contextmanager
def _changing_ledger(url: str) -> Iterator[None]:
    """Change a ledger every second until the end of the block."""
    over = Event()

    def change() -> None:
        with Store.open(url) as store:
            number = 0
            while not over.wait(1.0):
                number += 1
                stamp = Stamp(datetime.now(ZONE), ACTOR, "measuring")
                revise_ledger(store, "0301", {"requested": number}, stamp)

    thread = Thread(target=change)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


if __name__ == "__main__":
    app()
