"""``treffsikker bench kills``: kill the night at random moments, and check the store after each.

The night runs in a forked process, so that hundreds of starts take only minutes. After each kill
the store is checked as a reader sees it; then the night is started again, until it is complete.
"""

import multiprocessing
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from sqlalchemy import text

from benchmarks import progress as watching
from instances import Profile, generate
from matcher.cli.app import main as command
from matcher.domain.instance import Instance
from matcher.files.writing import write
from matcher.jobs.night.night import STEPS
from matcher.store.consistency import find_differences
from matcher.store.runs import (
    NIGHT_KIND,
    Run,
    RunStatus,
    find_output,
    find_run_in_force,
    list_outputs,
    list_runs,
)
from matcher.store.store import Store, upgrade

HOUSEHOLDS, SECONDS = 40, 5
DAYS_OF_ROUND = 8
"""Days after which a household is gone again: 5 of 40 each day, as many as an import may lose."""
COMPLETE_CODES = (0, 5)
"""Exit codes of a complete night: without and with something that someone must look at."""
LATEST_KILL_SHARE = 1.05
"""Latest moment of a kill, as a multiple of the duration of an undisturbed night."""
NIGHT_TIMEOUT = 300.0
"""Seconds after which a night that should finish is killed."""
EXPECTED_OUTPUTS = {name for step in STEPS for name in step.outputs}
"""Names of the outputs of a complete night."""


@dataclass(slots=True)
class NightKillTally:
    """Counts of a series of kills, and the faults found.

    Parameters
    ----------
    kills, nights : int
        Numbers of killed nights and of completed nights.
    steps : dict of str to int
        Number of kills by the name of the last output stored before the kill.
    faults : list of str
        What was wrong, with the number of the kill after which it was found.
    """

    kills: int = 0
    nights: int = 0
    steps: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


class NightStoreChecker:
    """Check the store after each kill, and remember what it must not lose.

    Parameters
    ----------
    url : str
    tally : NightKillTally
    """

    def __init__(self, url: str, tally: NightKillTally) -> None:
        self.url, self.tally = url, tally
        self.events: list[str] = []
        self.complete_nights: set[str] = set()

    def check(self, expected_nights: int, finished: bool) -> None:
        """Record what is wrong with the store.

        Parameters
        ----------
        expected_nights : int
            Number of nights that must be complete.
        finished : bool
            Whether the last night ended by itself. If False, it was killed, and one night more
            than expected may be complete.
        """
        with Store.open(self.url) as store:
            faults = [*find_differences(store), *self._events(store), *self._nights(store)]
            count = sum(
                run.status is RunStatus.COMPLETE for run in list_runs(store, NIGHT_KIND, 10_000)
            )
            if count != expected_nights and (finished or count != expected_nights + 1):
                faults.append(f"{count} nights are complete, not {expected_nights}")
            if not finished:
                self._note(store)
        self.tally.faults += [f"kill {self.tally.kills}: {fault}" for fault in faults]

    def _events(self, store: Store) -> Iterator[str]:
        """Check that all earlier events are still stored, unchanged and in the same order."""
        with store.read_transaction() as connection:
            query = "SELECT id, day, kind, household, municipality, part, content FROM event"
            rows = connection.execute(text(f"{query} ORDER BY id"))
            events = ["|".join(map(str, row)) for row in rows]
        if events[: len(self.events)] != self.events:
            yield "an event was lost or changed"
        self.events = events

    def _nights(self, store: Store) -> Iterator[str]:
        """Check that complete nights are whole and stay complete, with at most one per day."""
        nights = list_runs(store, NIGHT_KIND, 10_000)
        complete = [run for run in nights if run.status is RunStatus.COMPLETE]
        for run in complete:
            if run.id not in self.complete_nights:
                yield from _incomplete(store, run)
        if lost := self.complete_nights - {run.id for run in complete}:
            yield f"{lost} no longer complete"
        days = [run.day for run in complete]
        if len(set(days)) != len(days):
            yield "a day has two complete nights"
        if sum(not run.status.is_final for run in nights) > 1:
            yield "two nights are unfinished"
        in_force = find_run_in_force(store)
        if complete and (in_force is None or in_force.day != max(days)):
            yield "the latest complete night is not in force"
        self.complete_nights = {run.id for run in complete}

    def _note(self, store: Store) -> None:
        latest = list_runs(store, NIGHT_KIND, 1)
        night_outputs = (
            sorted(list_outputs(store, latest[0].id), key=lambda o: o.at) if latest else []
        )
        name = (
            night_outputs[-1].name
            if night_outputs and not latest[0].status.is_final
            else "the night before"
        )
        self.tally.steps[name] = self.tally.steps.get(name, 0) + 1


def _incomplete(store: Store, run: Run) -> Iterator[str]:
    output_names = [stored.name for stored in list_outputs(store, run.id)]
    if set(output_names) != EXPECTED_OUTPUTS:
        yield f"{run.id} is complete without {sorted(EXPECTED_OUTPUTS - set(output_names))}"
    for name in output_names:
        stored = find_output(store, run.id, name)
        if stored is None or not stored.body:
            yield f"{run.id} has an empty {name}"


def kill_nights(
    url: str, count: int, seed: int = 1, report: Callable[[str], None] = lambda _: None
) -> NightKillTally:
    """Kill nights on an empty store until the requested number of kills is reached.

    Parameters
    ----------
    url : str
        Address of a database that :func:`~matcher.store.upgrade` has prepared.
    count : int
        Number of kills.
    seed : int
        Seed of the random moments.
    report : callable
        Called with a progress message after every 20 kills.
    """
    tally, moments = NightKillTally(), random.Random(seed)
    watcher = NightStoreChecker(url, tally)
    with TemporaryDirectory() as folder:
        longest = _undisturbed_seconds(url, folder)
        tally.nights = 1
        watcher.check(1, finished=True)
        while tally.kills < count and not tally.faults:
            files = _write_files(Path(folder), tally.nights)
            while not _run_or_kill(
                url, files, moments.uniform(0, LATEST_KILL_SHARE * longest), tally
            ):
                watcher.check(tally.nights, finished=False)
                if tally.kills % 20 == 0:
                    report(f"{tally.kills} kills, {tally.nights} nights")
                if tally.kills >= count:
                    # The last night must also be completed.
                    _run_or_kill(url, files, NIGHT_TIMEOUT, tally)
                    break
            tally.nights += 1
            watcher.check(tally.nights, finished=True)
    return tally


def _undisturbed_seconds(url: str, folder: str) -> float:
    """Run a night without a kill, and return its seconds."""
    files, begun = _write_files(Path(folder), 0), time.perf_counter()
    assert _run_or_kill(url, files, NIGHT_TIMEOUT, NightKillTally()), "the first night was killed"
    return time.perf_counter() - begun


def _write_files(folder: Path, number: int) -> Path:
    """Write the files of a night; each day some households are new and some are gone."""
    instance = generate(Profile.read("small"), seed=5, households=HOUSEHOLDS)
    target = folder / f"night{number}"
    write(_shift_to_day(instance, number), target)
    return target


def _shift_to_day(instance: Instance, number: int) -> Instance:
    households = [h for k, h in enumerate(instance.households) if (k + number) % DAYS_OF_ROUND]
    names = {household.id for household in households}
    plan = tuple(p for p in instance.earlier_plan if p.household in names)
    return replace(
        instance,
        today=instance.today + timedelta(days=number),
        households=tuple(households),
        links=tuple(pair for pair in instance.links if names.issuperset(pair)),
        earlier_plan=replace(instance.earlier_plan, placements=plan),
    )


def _run_or_kill(url: str, files: Path, seconds: float, tally: NightKillTally) -> bool:
    """Start the night, and kill it after some seconds; return whether it ended before that."""
    process = multiprocessing.get_context("fork").Process(target=_run_night, args=(url, str(files)))
    process.start()
    process.join(seconds)
    if process.exitcode is None:
        process.kill()
        process.join()
        tally.kills += 1
        return False
    if process.exitcode not in COMPLETE_CODES:
        tally.faults.append(f"kill {tally.kills}: the night ended with {process.exitcode}")
    return True


def _run_night(url: str, files: str) -> None:
    sys.argv = [
        "treffsikker",
        "nightly",
        "--database",
        url,
        "--import",
        files,
        "--json",
        "--seconds",
        str(SECONDS),
    ]
    sys.stdout = sys.stderr = open("/dev/null", "w")  # noqa: SIM115, PTH123
    command()


def main(
    count: Annotated[int, typer.Option("--count", min=1, help="How many.")] = 300,
    database: Annotated[
        str, typer.Option("--database", help="An empty one; a new SQLite file unless given.")
    ] = "",
    seed: Annotated[int, typer.Option("--seed", help="Of the moments.")] = 1,
) -> None:
    """Kill the night at random moments, start it again, and check the store."""
    with TemporaryDirectory() as folder:
        url = database or f"sqlite:///{folder}/kills.db"
        upgrade(url)
        begun = time.perf_counter()
        tally = kill_nights(url, count, seed, watching.print_status)
    kind = url.partition(":")[0]
    watching.print_status(
        f"{kind}: {tally.kills} kills over {tally.nights} nights in"
        f" {time.perf_counter() - begun:.0f} s, {len(tally.faults)} faults"
    )
    for name, number in sorted(tally.steps.items(), key=lambda item: -item[1]):
        watching.print_status(f"  killed after {name}: {number}")
    for fault in tally.faults:
        watching.print_status(f"  {fault}")
    raise typer.Exit(1 if tally.faults else 0)
