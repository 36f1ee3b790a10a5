"""``treffsikker bench worker-kills``: workers killed at random moments, and what they left.

Two workers answer what-ifs from one store. Every now and then one is killed, and another started
in its place. After each kill the store is looked at as a reader would: an answer is there whole or
not at all, is the same however often it was begun, and never changes again.
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

from benchmarks import watching
from instances import Profile, generate
from matcher.batch import Question, ask_night
from matcher.domain import Instance
from matcher.policy import Policy
from matcher.settings import Settings
from matcher.store.database import Store, import_instance, upgrade
from matcher.store.database.runs import Run, RunStatus, outputs, runs
from matcher.what_if import Changes
from matcher.working import Worker
from matcher.working.in_force import last_night
from matcher.working.kinds import KINDS
from matcher.working.names import worker_name
from matcher.working.what_if import WHAT_IF, Asked, ask_what_if

HOUSEHOLDS = 40
WORKERS = 2
LEFT = {"difference", "moves", "result", "plan"}
"""What a what-if leaves."""
REPEATED = ("moves", "plan")
"""Outputs that hold no times, and so are the same each time."""
LEAVING = (0, -signal.SIGTERM)
"""Exit codes of a worker that was asked to leave; the second while it was still starting."""
PATIENCE = 300.0
"""Seconds after which what waits is given up."""
OFF = ("speed", "fair_shares", "landsdel_share")
"""Each question switches one of these terms off."""
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["benchmarks.worker_kills"])


@dataclass(slots=True)
class Tally:
    """What came of the kills.

    Parameters
    ----------
    kills, answers : int
        Workers killed, and what-ifs answered in the end.
    begun_again : int
        How often a what-if was begun that a killed worker had begun before.
    faults : list of str
    """

    kills: int = 0
    answers: int = 0
    begun_again: int = 0
    faults: list[str] = field(default_factory=list)


class Watcher:
    """Looks at the runs after each kill, and remembers what must not change.

    Parameters
    ----------
    store : Store
    tally : Tally
    """

    def __init__(self, store: Store, tally: Tally) -> None:
        self.store, self.tally = store, tally
        self.answers: dict[str, Mapping[str, str]] = {}
        self.of_question: dict[str, Mapping[str, str]] = {}

    def look(self) -> int:
        """Note what is wrong; how many what-ifs are not answered yet."""
        # Runs and what they left are read as of one moment: no one writes meanwhile.
        with self.store.writing():
            found = runs(self.store, WHAT_IF, 100_000)
            faults = [fault for run in found for fault in self._faults(run)]
        self.tally.faults += [f"kill {self.tally.kills}: {fault}" for fault in faults]
        return sum(not run.status.over for run in found)

    def _faults(self, run: Run) -> Iterator[str]:
        left = {output.name: output.hash for output in outputs(self.store, run.id)}
        if run.status in (RunStatus.FAILED, RunStatus.CANCELLED):
            yield f"{run.id} is {run.status}: {run.error}"
        elif run.status is not RunStatus.COMPLETE:
            if left:
                yield f"{run.id} is {run.status} and has left {sorted(left)}"
        elif set(left) != LEFT:
            yield f"{run.id} is complete with {sorted(left)}"
        elif self.answers.setdefault(run.id, left) != left:
            yield f"{run.id} has changed after its end"
        elif self._same(run, left) != _repeated(left):
            yield f"{run.id} has another answer than the same question before"

    def _same(self, run: Run, left: Mapping[str, str]) -> Mapping[str, str]:
        return self.of_question.setdefault(str(run.question), _repeated(left))


def _repeated(left: Mapping[str, str]) -> Mapping[str, str]:
    """Hashes of the outputs that are the same each time."""
    return {name: left[name] for name in REPEATED}


def kill_workers(
    url: str, instance: Instance, count: int, *, seed: int = 1,
    told: Callable[[str], None] = lambda _: None,
) -> Tally:  # fmt: skip
    """Kill workers on an empty store until so many were killed, then let the rest finish.

    Parameters
    ----------
    url : str
        Of a database that :func:`~matcher.store.database.upgrade` has made ready.
    instance : Instance
    count : int
        Kills.
    seed : int
        Of the moments.
    told : callable
        Told how far it is, now and then.
    """
    tally, moments = Tally(), random.Random(seed)
    with Store.open(url) as store:
        longest = _prepared(store, url, instance)
        watcher, workers = Watcher(store, tally), [_started(url) for _ in range(WORKERS)]
        while tally.kills < count and not tally.faults:
            _keep_asking(store, watcher.look())
            time.sleep(moments.uniform(0, 4 * longest / WORKERS))
            workers.append(_killed(workers.pop(0), url))
            tally.kills += 1
            if tally.kills % 20 == 0:
                told(f"{tally.kills} kills, {len(watcher.answers)} answers")
        _finish(watcher, workers)
        done = runs(store, WHAT_IF, 100_000)
        tally.answers = len(watcher.answers)
        tally.begun_again = sum(run.attempts - 1 for run in done)
        if tally.begun_again > tally.kills:
            tally.faults.append(f"{tally.begun_again} begun again after {tally.kills} kills")
    return tally


def _prepared(store: Store, url: str, instance: Instance) -> float:
    """Take the queue in and have its night done; how long the first answer takes after that."""
    day = instance.today
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    import_instance(store, instance, at=at, actor="benchmark")
    question = Question(Policy.default(), seconds=20)
    ask_night(store, question, day=day, at=at, asked_by="benchmark")
    _until_done(PROCESSES.Process(target=_work_off, args=(url,), daemon=True))
    _ask(store, 0)
    begun = time.perf_counter()
    _until_done(PROCESSES.Process(target=_work_off, args=(url,), daemon=True))
    return time.perf_counter() - begun


def _until_done(process: BaseProcess) -> None:
    process.start()
    process.join(PATIENCE)
    assert process.exitcode == 0, f"a worker that no one killed ended with {process.exitcode}"


def _keep_asking(store: Store, waiting: int) -> None:
    """Have two more what-ifs waiting than there are workers."""
    asked = len(runs(store, WHAT_IF, 100_000))
    for k in range(asked, asked + WORKERS + 2 - waiting):
        _ask(store, k)


def _ask(store: Store, number: int) -> None:
    night = last_night(store)
    assert night is not None, "the night is not complete"
    asked = Asked(night.run.id, Changes(off=(OFF[number % len(OFF)],)), seconds=20)
    ask_what_if(store, asked, night, at=datetime.now(UTC), by="benchmark")


def _started(url: str) -> BaseProcess:
    process = PROCESSES.Process(target=_work, args=(url,), daemon=True)
    process.start()
    return process


def _killed(process: BaseProcess, url: str) -> BaseProcess:
    """Kill a worker, and start another."""
    process.kill()
    process.join()
    return _started(url)


def _finish(watcher: Watcher, workers: list[BaseProcess]) -> None:
    """Let the workers answer what waits, then ask them to leave."""
    deadline = time.monotonic() + PATIENCE
    while watcher.look() and not watcher.tally.faults and time.monotonic() < deadline:
        time.sleep(0.2)
    for process in workers:
        process.terminate()
        process.join(PATIENCE)
        if process.exitcode not in LEAVING:
            watcher.tally.faults.append(f"a worker that was asked to leave: {process.exitcode}")
    if waiting := watcher.look():
        watcher.tally.faults.append(f"{waiting} what-ifs were never answered")


def _work(url: str) -> None:
    with Store.open(url) as store:
        worker = _worker(store, url)
        signal.signal(signal.SIGTERM, lambda *_: worker.leave())
        worker.work()


def _work_off(url: str) -> None:
    with Store.open(url) as store:
        _worker(store, url).work_off()


def _worker(store: Store, url: str) -> Worker:
    settings = Settings(
        development=True, database=url, heartbeat_seconds=0.1, silent_seconds=1.0,
        poll_seconds=0.05, attempts=1000,
    )  # fmt: skip
    return Worker(store, settings, KINDS, worker_name(), lambda: datetime.now(UTC))


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
        tally = kill_workers(url, instance, count, seed=seed, told=watching.say)
    spent = timedelta(seconds=round(time.perf_counter() - begun))
    watching.say(
        f"{url.partition(':')[0]}: {tally.kills} workers killed in {spent}, {tally.answers} answers"
        f", {tally.begun_again} begun again, {len(tally.faults)} faults"
    )
    for fault in tally.faults:
        watching.say(f"  {fault}")
    raise typer.Exit(1 if tally.faults else 0)
