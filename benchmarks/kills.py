"""``treffsikker bench kills``: the night killed at random moments, and what is left after each.

The night is a process of its own, forked so that hundreds of starts take minutes. After each kill
the store is looked at as a reader would; then the night is started again, until it is complete.
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

from benchmarks import watching
from instances import Profile, generate
from matcher.batch.steps import STEPS
from matcher.cli.app import main as command
from matcher.domain import Instance
from matcher.store.database import Store, differences, upgrade
from matcher.store.database.runs import (
    NIGHT,
    Run,
    RunStatus,
    latest_complete,
    output,
    outputs,
    runs,
)
from matcher.store.writing import write

HOUSEHOLDS, SECONDS = 40, 5
WELL = (0, 5)
"""Exit codes of a night that is complete: fine, and someone must look."""
BEYOND = 1.05
"""Latest moment of a kill, as a share of how long a night takes when it is left alone."""
PATIENCE = 300.0
"""Seconds after which a night that is not killed is given up."""
MADE = {name for step in STEPS for name in step.makes}


@dataclass(slots=True)
class Tally:
    """What came of the kills.

    Parameters
    ----------
    kills, nights : int
        Nights killed, and nights complete in the end.
    steps : dict of str to int
        How often a kill came when this was the last output there was.
    faults : list of str
        What was wrong, with the kill after which it was.
    """

    kills: int = 0
    nights: int = 0
    steps: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


class Watcher:
    """Looks at the store after each kill, and remembers what it must not lose.

    Parameters
    ----------
    url : str
    tally : Tally
    """

    def __init__(self, url: str, tally: Tally) -> None:
        self.url, self.tally = url, tally
        self.events: list[str] = []
        self.complete: set[str] = set()

    def look(self, expected: int, through: bool) -> None:
        """Note what is wrong.

        Parameters
        ----------
        expected : int
            Nights that must be complete.
        through : bool
            Whether that is all there may be; after a kill the next one can be complete as well.
        """
        with Store.open(self.url) as store:
            found = [*differences(store), *self._events(store), *self._nights(store)]
            count = sum(run.status is RunStatus.COMPLETE for run in runs(store, NIGHT, 10_000))
            if count != expected and (through or count != expected + 1):
                found.append(f"{count} nights are complete, not {expected}")
            if not through:
                self._note(store)
        self.tally.faults += [f"kill {self.tally.kills}: {fault}" for fault in found]

    def _events(self, store: Store) -> Iterator[str]:
        """Events that were there before are there still, and no import is half there."""
        with store.reading() as connection:
            query = "SELECT id, day, kind, household, municipality, part, content FROM event"
            rows = connection.execute(text(f"{query} ORDER BY id"))
            now = ["|".join(map(str, row)) for row in rows]
        if now[: len(self.events)] != self.events:
            yield "an event was lost or changed"
        self.events = now

    def _nights(self, store: Store) -> Iterator[str]:
        """What readers see is whole; one night a day at the most; complete ones stay so."""
        found = runs(store, NIGHT, 10_000)
        whole = [run for run in found if run.status is RunStatus.COMPLETE]
        for run in whole:
            if run.id not in self.complete:
                yield from _incomplete(store, run)
        if gone := self.complete - {run.id for run in whole}:
            yield f"{gone} no longer complete"
        days = [run.day for run in whole]
        if len(set(days)) != len(days):
            yield "a day has two complete nights"
        if sum(not run.status.over for run in found) > 1:
            yield "two nights are unfinished"
        in_force = latest_complete(store)
        if whole and (in_force is None or in_force.day != max(days)):
            yield "the latest complete night is not in force"
        self.complete = {run.id for run in whole}

    def _note(self, store: Store) -> None:
        latest = runs(store, NIGHT, 1)
        kept = sorted(outputs(store, latest[0].id), key=lambda o: o.at) if latest else []
        name = kept[-1].name if kept and not latest[0].status.over else "the night before"
        self.tally.steps[name] = self.tally.steps.get(name, 0) + 1


def _incomplete(store: Store, run: Run) -> Iterator[str]:
    there = {found.name: found.hash for found in outputs(store, run.id)}
    if set(there) != MADE:
        yield f"{run.id} is complete without {sorted(MADE - set(there))}"
    for name in there:
        found = output(store, run.id, name)
        if found is None or not found.body:
            yield f"{run.id} has an empty {name}"


def kill_nights(
    url: str, count: int, seed: int = 1, told: Callable[[str], None] = lambda _: None
) -> Tally:
    """Kill nights on an empty store until so many were killed.

    Parameters
    ----------
    url : str
        Of a database that :func:`~matcher.store.database.upgrade` has made ready.
    count : int
        Kills.
    seed : int
        Of the moments.
    told : callable
        Told how far it is, now and then.
    """
    tally, moments = Tally(), random.Random(seed)
    watcher = Watcher(url, tally)
    with TemporaryDirectory() as folder:
        longest = _left_alone(url, folder)
        tally.nights = 1
        watcher.look(1, through=True)
        while tally.kills < count and not tally.faults:
            files = _files(Path(folder), tally.nights)
            while not _survived(url, files, moments.uniform(0, BEYOND * longest), tally):
                watcher.look(tally.nights, through=False)
                if tally.kills % 20 == 0:
                    told(f"{tally.kills} kills, {tally.nights} nights")
                if tally.kills >= count:
                    # The last night, too, comes to its end.
                    _survived(url, files, PATIENCE, tally)
                    break
            tally.nights += 1
            watcher.look(tally.nights, through=True)
    return tally


def _left_alone(url: str, folder: str) -> float:
    """Seconds that a night takes that no one kills."""
    files, begun = _files(Path(folder), 0), time.perf_counter()
    assert _survived(url, files, PATIENCE, Tally()), "the first night was killed"
    return time.perf_counter() - begun


def _files(folder: Path, number: int) -> Path:
    """Files of a night: each day some of the queue are new and some are gone."""
    made = generate(Profile.read("small"), seed=5, households=HOUSEHOLDS)
    target = folder / f"night{number}"
    write(_on_day(made, number), target)
    return target


def _on_day(made: Instance, number: int) -> Instance:
    kept = [h for k, h in enumerate(made.households) if (k + number) % 7]
    names = {household.id for household in kept}
    plan = tuple(p for p in made.earlier_plan if p.household in names)
    return replace(
        made,
        today=made.today + timedelta(days=number),
        households=tuple(kept),
        links=tuple(pair for pair in made.links if names.issuperset(pair)),
        earlier_plan=replace(made.earlier_plan, placements=plan),
    )


def _survived(url: str, files: Path, seconds: float, tally: Tally) -> bool:
    """Start the night and kill it after some seconds; whether it had ended by then."""
    process = multiprocessing.get_context("fork").Process(target=_night, args=(url, str(files)))
    process.start()
    process.join(seconds)
    if process.exitcode is None:
        process.kill()
        process.join()
        tally.kills += 1
        return False
    if process.exitcode not in WELL:
        tally.faults.append(f"kill {tally.kills}: the night ended with {process.exitcode}")
    return True


def _night(url: str, files: str) -> None:
    sys.argv = [
        "treffsikker", "nightly", "--database", url, "--import", files, "--json",
        "--seconds", str(SECONDS),
    ]  # fmt: skip
    sys.stdout = sys.stderr = open("/dev/null", "w")  # noqa: SIM115, PTH123
    command()


def main(
    count: Annotated[int, typer.Option("--count", min=1, help="How many.")] = 300,
    database: Annotated[
        str, typer.Option("--database", help="An empty one; a new SQLite file unless given.")
    ] = "",
    seed: Annotated[int, typer.Option("--seed", help="Of the moments.")] = 1,
) -> None:
    """Kill the night at random moments, start it again, and look at what is left."""
    with TemporaryDirectory() as folder:
        url = database or f"sqlite:///{folder}/kills.db"
        upgrade(url)
        begun = time.perf_counter()
        tally = kill_nights(url, count, seed, watching.say)
    kind = url.partition(":")[0]
    watching.say(
        f"{kind}: {tally.kills} kills over {tally.nights} nights in"
        f" {time.perf_counter() - begun:.0f} s, {len(tally.faults)} faults"
    )
    for name, number in sorted(tally.steps.items(), key=lambda item: -item[1]):
        watching.say(f"  killed after {name}: {number}")
    for fault in tally.faults:
        watching.say(f"  {fault}")
    raise typer.Exit(1 if tally.faults else 0)
