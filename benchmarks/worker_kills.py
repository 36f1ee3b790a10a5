"""``treffsikker bench worker-kills``: kill workers at random moments, and check their outputs.

Two workers compute what-ifs from one store. At random moments one is killed, and another is
started in its place. After each kill the store is checked as a reader sees it: an answer must be
complete or absent, be the same however often its run was started, and never change again.
"""

import multiprocessing
import random
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from benchmarks import progress as watching
from instances import Profile, generate
from matcher.analysis.what_if import WhatIfChanges
from matcher.domain.instance import Instance
from matcher.jobs import Worker
from matcher.jobs.handlers import JOB_HANDLERS
from matcher.jobs.in_force import latest_night
from matcher.jobs.night import NightParameters, enqueue_night
from matcher.jobs.what_if import WHAT_IF, WhatIfParameters, enqueue_what_if
from matcher.jobs.worker import new_worker_name
from matcher.policy.policy import Policy
from matcher.settings import Settings
from matcher.store.importing import import_instance
from matcher.store.runs import Run, RunStatus, list_outputs, list_runs
from matcher.store.stamp import Stamp
from matcher.store.store import Store, upgrade

HOUSEHOLDS = 40
WORKERS = 2
WHAT_IF_OUTPUTS = {"difference", "moves", "result", "plan", "result.afresh", "plan.afresh"}
"""Names of the outputs of a complete what-if."""
REPEATED_OUTPUTS = ("moves", "plan", "plan.afresh")
"""Outputs that contain no times, and are therefore the same each time."""
LEAVE_CODES = (0, -signal.SIGTERM)
"""Exit codes of a worker that was asked to stop; the second if it was still starting."""
TIMEOUT_SECONDS = 300.0
"""Seconds to wait for a process or for the remaining what-ifs."""
SWITCHED_OFF = ("speed", "fair_shares", "landsdel_share")
"""Terms; each what-if switches one of them off."""
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["benchmarks.worker_kills"])


@dataclass(slots=True)
class WorkerKillTally:
    """Counts of a series of kills, and the faults found.

    Parameters
    ----------
    kills, answers : int
        Numbers of killed workers and of completed what-ifs.
    begun_again : int
        How often a what-if was started again after its worker was killed.
    faults : list of str
    """

    kills: int = 0
    answers: int = 0
    begun_again: int = 0
    faults: list[str] = field(default_factory=list)


class WhatIfRunChecker:
    """Check the runs after each kill, and remember what must not change.

    Parameters
    ----------
    store : Store
    tally : WorkerKillTally
    """

    def __init__(self, store: Store, tally: WorkerKillTally) -> None:
        self.store, self.tally = store, tally
        self.output_hashes: dict[str, Mapping[str, str]] = {}
        self.repeated_hashes: dict[str, Mapping[str, str]] = {}

    def check(self) -> int:
        """Record what is wrong; return the number of unfinished what-ifs."""
        # A write transaction keeps others from writing, so runs and outputs belong together.
        with self.store.unit_of_work():
            what_ifs = list_runs(self.store, WHAT_IF, 100_000)
            faults = [fault for run in what_ifs for fault in self._faults(run)]
        self.tally.faults += [f"kill {self.tally.kills}: {fault}" for fault in faults]
        return sum(not run.status.is_final for run in what_ifs)

    def _faults(self, run: Run) -> Iterator[str]:
        hashes = {output.name: output.hash for output in list_outputs(self.store, run.id)}
        if run.status in (RunStatus.FAILED, RunStatus.CANCELLED):
            yield f"{run.id} is {run.status}: {run.error}"
        elif run.status is not RunStatus.COMPLETE:
            if hashes:
                yield f"{run.id} is {run.status} and has left {sorted(hashes)}"
        elif set(hashes) != WHAT_IF_OUTPUTS:
            yield f"{run.id} is complete with {sorted(hashes)}"
        elif self.output_hashes.setdefault(run.id, hashes) != hashes:
            yield f"{run.id} has changed after its end"
        elif self._first_hashes(run, hashes) != _repeated_hashes(hashes):
            yield f"{run.id} has another answer than the same question before"

    def _first_hashes(self, run: Run, hashes: Mapping[str, str]) -> Mapping[str, str]:
        return self.repeated_hashes.setdefault(str(run.question), _repeated_hashes(hashes))


def _repeated_hashes(hashes: Mapping[str, str]) -> Mapping[str, str]:
    """Return the hashes of the outputs that are the same each time."""
    return {name: hashes[name] for name in REPEATED_OUTPUTS}


def kill_workers(
    url: str,
    instance: Instance,
    count: int,
    *,
    seed: int = 1,
    report: Callable[[str], None] = lambda _: None,
) -> WorkerKillTally:
    """Kill the requested number of workers on an empty store, then let the others finish.

    Parameters
    ----------
    url : str
        Address of a database that :func:`~matcher.store.upgrade` has prepared.
    instance : Instance
    count : int
        Number of kills.
    seed : int
        Seed of the random moments.
    report : callable
        Called with a progress message after every 20 kills.
    """
    tally, moments = WorkerKillTally(), random.Random(seed)
    with Store.open(url) as store:
        longest = _prepare(store, url, instance)
        watcher, workers = (
            WhatIfRunChecker(store, tally),
            [_start_worker(url) for _ in range(WORKERS)],
        )
        while tally.kills < count and not tally.faults:
            _keep_asking(store, watcher.check())
            time.sleep(moments.uniform(0, 4 * longest / WORKERS))
            workers.append(_replace_worker(workers.pop(0), url))
            tally.kills += 1
            if tally.kills % 20 == 0:
                report(f"{tally.kills} kills, {len(watcher.output_hashes)} answers")
        _finish(watcher, workers)
        done = list_runs(store, WHAT_IF, 100_000)
        tally.answers = len(watcher.output_hashes)
        tally.begun_again = sum(run.attempts - 1 for run in done)
        if tally.begun_again > tally.kills:
            tally.faults.append(f"{tally.begun_again} begun again after {tally.kills} kills")
    return tally


def _prepare(store: Store, url: str, instance: Instance) -> float:
    """Import the queue and run its night; return the seconds that one what-if then takes."""
    day = instance.today
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    import_instance(store, instance, Stamp(at, "benchmark", "import"))
    question = NightParameters(Policy.default(), seconds=20)
    enqueue_night(store, question, day=day, at=at, asked_by="benchmark")
    _run_to_end(PROCESSES.Process(target=_work_off, args=(url,), daemon=True))
    _ask(store, 0)
    begun = time.perf_counter()
    _run_to_end(PROCESSES.Process(target=_work_off, args=(url,), daemon=True))
    return time.perf_counter() - begun


def _run_to_end(process: BaseProcess) -> None:
    process.start()
    process.join(TIMEOUT_SECONDS)
    assert process.exitcode == 0, f"a worker that no one killed ended with {process.exitcode}"


def _keep_asking(store: Store, waiting: int) -> None:
    """Request what-ifs until two more are waiting than there are workers."""
    count = len(list_runs(store, WHAT_IF, 100_000))
    for k in range(count, count + WORKERS + 2 - waiting):
        _ask(store, k)


def _ask(store: Store, number: int) -> None:
    night = latest_night(store)
    assert night is not None, "the night is not complete"
    question = WhatIfParameters(
        night.run.id, WhatIfChanges(off=(SWITCHED_OFF[number % len(SWITCHED_OFF)],)), seconds=20
    )
    enqueue_what_if(store, question, night, at=datetime.now(UTC), asked_by="benchmark")


def _start_worker(url: str) -> BaseProcess:
    process = PROCESSES.Process(target=_work, args=(url,), daemon=True)
    process.start()
    return process


def _replace_worker(process: BaseProcess, url: str) -> BaseProcess:
    """Kill a worker, and start another one."""
    process.kill()
    process.join()
    return _start_worker(url)


def _finish(watcher: WhatIfRunChecker, workers: list[BaseProcess]) -> None:
    """Let the workers finish the waiting what-ifs, then ask them to stop."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while watcher.check() and not watcher.tally.faults and time.monotonic() < deadline:
        time.sleep(0.2)
    for process in workers:
        process.terminate()
        process.join(TIMEOUT_SECONDS)
        if process.exitcode not in LEAVE_CODES:
            watcher.tally.faults.append(f"a worker that was asked to leave: {process.exitcode}")
    if waiting := watcher.check():
        watcher.tally.faults.append(f"{waiting} what-ifs were never answered")


def _work(url: str) -> None:
    with Store.open(url) as store:
        worker = _worker(store, url)
        signal.signal(signal.SIGTERM, lambda *_: worker.stop())
        worker.run()


def _work_off(url: str) -> None:
    with Store.open(url) as store:
        _worker(store, url).drain()


def _worker(store: Store, url: str) -> Worker:
    settings = Settings(
        development=True,
        database=url,
        heartbeat_seconds=0.1,
        silent_seconds=1.0,
        poll_seconds=0.05,
        attempts=1000,
    )
    return Worker(store, settings, JOB_HANDLERS, new_worker_name(), lambda: datetime.now(UTC))


def main(
    count: Annotated[int, typer.Option("--count", min=1, help="How many.")] = 300,
    database: Annotated[
        str, typer.Option("--database", help="An empty one; a new SQLite file unless given.")
    ] = "",
    seed: Annotated[int, typer.Option("--seed", help="Of the moments.")] = 1,
) -> None:
    """Kill workers at random moments, start others, and look at what is left."""
    instance = generate(Profile.read("small"), seed=5, households=HOUSEHOLDS)
    with TemporaryDirectory() as folder:
        url = database or f"sqlite:///{folder}/kills.db"
        upgrade(url)
        begun = time.perf_counter()
        tally = kill_workers(url, instance, count, seed=seed, report=watching.print_status)
    spent = timedelta(seconds=round(time.perf_counter() - begun))
    watching.print_status(
        f"{url.partition(':')[0]}: {tally.kills} workers killed in {spent}, {tally.answers} answers"
        f", {tally.begun_again} begun again, {len(tally.faults)} faults"
    )
    for fault in tally.faults:
        watching.print_status(f"  {fault}")
    raise typer.Exit(1 if tally.faults else 0)
