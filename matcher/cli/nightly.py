"""``treffsikker nightly``: plan the queue once a day, however often the command is started."""

import time
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from matcher.batch import NIGHT_SECONDS, Busy, Done, Night, Question, Taken, begin, must_look
from matcher.cli.limits import probe, refuse
from matcher.cli.night_watch import carried_out, told_of_database
from matcher.cli.sentences import texts
from matcher.cli.service import DatabaseOption, open_store, settings_of_store
from matcher.cli.shared import (
    AsJson,
    ExitCode,
    LanguageOption,
    PolicyOption,
    note,
    print_json,
    say,
    step,
)
from matcher.domain import Instance
from matcher.errors import TreffsikkerError
from matcher.policy import Policy
from matcher.settings import Settings
from matcher.store import read
from matcher.store.database import Store, import_instance
from matcher.texts import Language
from matcher.working.names import has_ended, worker_name

WHO = "system:nightly"
FILES = {
    "report.html": "report.html",
    "report.en.html": "report.en.html",
    "report.json": "report.json",
    "plan.html": "plan.html",
    "plan.en.html": "plan.en.html",
    "plan": "plan.csv",
    "result": "result.json",
    "prices": "prices.csv",
    "suggestions": "suggestions.json",
    "changes": "changes.json",
}
"""File names under ``--out``, by the name of the stored output."""

Day = Annotated[
    datetime | None,
    typer.Option(
        "--day", metavar="DATE", formats=["%Y-%m-%d"], help="To plan for; today, or the files' own."
    ),
]
Import = Annotated[
    Path | None, typer.Option("--import", metavar="DATA", help="Folder of files to take in first.")
]
Out = Annotated[Path | None, typer.Option("--out", help="Folder for the report and the plan.")]
Wait = Annotated[bool, typer.Option("--wait", help="Wait while another start is at it.")]
Seconds = Annotated[float, typer.Option("--seconds", help="Time limit of the solver.")]
Seed = Annotated[int, typer.Option("--seed", help="Same seed, same plan.")]


class BusyNightError(TreffsikkerError):
    """Another process is carrying out a night.

    Parameters
    ----------
    facts : mapping
        The run, its worker, and when it started.
    """

    def __init__(self, facts: dict[str, Any]) -> None:
        super().__init__(f"{facts['run']} is going on already")
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Start:
    """A start of the night: settings, question, day to plan for, and the worker's name."""

    settings: Settings
    question: Question
    day: date
    worker: str

    def now(self) -> datetime:
        """Return the current time in the time zone of the settings."""
        return datetime.now(self.settings.zone)


def run(
    database: DatabaseOption = None,
    day: Day = None,
    policy: PolicyOption = "default",
    seconds: Seconds = NIGHT_SECONDS,
    seed: Seed = 1,
    imported: Import = None,
    out: Out = None,
    wait: Wait = False,
    as_json: AsJson = False,
    language: LanguageOption = "nb",
) -> None:
    """Plan the day, rank for each household, and report; the day is planned only once."""
    refuse(seconds, 0.1, seed, None, language)
    question = Question(Policy.read(policy), seconds=seconds, seed=seed)
    if out is not None:
        probe(out)
    settings = settings_of_store(database=database)
    instance = None if imported is None else _files(imported, language)
    start = Start(settings, question, _day(day, instance, settings), worker_name())
    try:
        with told_of_database(settings, language), open_store(settings) as store:
            if instance is not None:
                _import_files(store, instance, start, language)
            night = _night(store, start, wait, language)
            report = night.read_json("report.json")
            files = [] if out is None else _write(night, out)
    except BusyNightError as busy:
        if as_json:
            print_json({"busy": busy.facts})
        raise typer.Exit(ExitCode.BUSY) from busy
    look = must_look(report)
    if as_json:
        print_json({**report, "must_look": look, "files": [str(file) for file in files]})
    else:
        _print(report, look, files, language)
    raise typer.Exit(ExitCode.LOOK if look else ExitCode.FINE)


def _files(folder: Path, language: Language) -> Instance:
    with step(texts(language)["step.reading"].format(path=folder)):
        return read(folder)


def _day(day: datetime | None, instance: Instance | None, settings: Settings) -> date:
    if day is not None:
        return day.date()
    return instance.today if instance is not None else datetime.now(settings.zone).date()


def _import_files(store: Store, instance: Instance, start: Start, language: Language) -> None:
    """Import the files as of the planned day: all of them or none."""
    moment = start.now()
    at = moment if moment.date() == start.day else datetime.combine(start.day, moment.timetz())
    with step(texts(language)["night.importing"]):
        import_instance(store, instance, at=at, actor=WHO)


def _night(store: Store, start: Start, wait: bool, language: Language) -> Night:
    """Carry out the night, or return the night that is already complete.

    Raises
    ------
    BusyNightError
        When another process is carrying out the night and this one must not wait.
    """
    while True:
        start_outcome = begin(
            store,
            start.question,
            day=start.day,
            at=start.now(),
            worker=start.worker,
            asked_by=WHO,
            silence=start.settings.silence,
            gone=has_ended,
        )
        match start_outcome:
            case Taken():
                return carried_out(store, start.settings, start.worker, start_outcome.run, language)
            case Done():
                note(texts(language)["night.done"].format(**_facts(start_outcome.run, start)))
                return Night(store, start_outcome.run)
            case Busy():
                note(texts(language)["night.busy"].format(**_facts(start_outcome.run, start)))
                if not wait:
                    raise BusyNightError(_facts(start_outcome.run, start))
                time.sleep(start.settings.poll_seconds)


def _facts(run: Any, start: Start) -> dict[str, Any]:
    since = run.started_at.astimezone(start.settings.zone)
    return {"run": run.id, "worker": run.worker, "since": f"{since:%Y-%m-%d %H:%M:%S}"}


def _write(night: Night, folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, file in FILES.items():
        (folder / file).write_bytes(night.read(name))
    return [folder / file for file in FILES.values()]


def _print(report: dict[str, Any], look: bool, files: list[Path], language: Language) -> None:
    words, counts = texts(language), report["counts"]
    say(words["night.placed"].format(**counts, **report["run"]))
    needs = report["needs"]
    facts = {name: len(needs[name]) for name in ("alarms", "errors", "disagrees", "warnings")}
    say(words["night.look" if look else "night.calm"].format(**facts))
    if files:
        say(words["night.files"].format(report=files[0], folder=files[0].parent))
