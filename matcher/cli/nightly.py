"""``treffsikker nightly``: plan the queue once a day, however often the command is started."""

import time
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from matcher.cli.night_progress import carry_out_night, explain_database_errors
from matcher.cli.sentences import texts
from matcher.cli.shared import (
    EffortOption,
    ExitCode,
    JsonOption,
    LanguageOption,
    PolicyOption,
    RefusedImportError,
    SolverParamsOption,
    check_solve_options,
    check_writable,
    print_json,
    print_line,
    print_note,
    read_solver_params,
    show_step,
)
from matcher.cli.store_access import DatabaseOption, open_store, read_store_settings
from matcher.domain.errors import TreffsikkerError
from matcher.domain.instance import Instance
from matcher.files import read
from matcher.jobs.night import (
    NIGHT_TIME_LIMIT_SECONDS,
    NightAlreadyRunning,
    NightClaimed,
    NightParameters,
    NightRun,
    NightUpToDate,
    claim_night,
    needs_attention,
)
from matcher.jobs.worker import new_worker_name, worker_has_ended
from matcher.policy.policy import Policy
from matcher.settings import Settings
from matcher.store.import_losses import LargeLossError, LossLimit, describe_losses
from matcher.store.importing import import_instance
from matcher.store.stamp import Stamp
from matcher.store.store import Store
from matcher.texts import Language

ACTOR = "system:nightly"
OUTPUT_FILES = {
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
WithdrawMany = Annotated[
    bool,
    typer.Option(
        "--withdraw-many",
        help="Say that it is meant that many households, or much else, are gone from the files.",
    ),
]
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


class WrongDayError(TreffsikkerError):
    """A night is to be planned for a day that has not come."""


@dataclass(frozen=True, slots=True)
class NightStart:
    """A start of the night: settings, parameters, day to plan for, and the worker's name."""

    settings: Settings
    parameters: NightParameters
    day: date
    worker: str

    def current_time(self) -> datetime:
        """Return the current time in the time zone of the settings."""
        return self.settings.present_moment()


def run(
    database: DatabaseOption = None,
    day: Day = None,
    policy: PolicyOption = "default",
    seconds: Seconds = NIGHT_TIME_LIMIT_SECONDS,
    effort: EffortOption = None,
    seed: Seed = 1,
    import_folder: Import = None,
    withdraw_many: WithdrawMany = False,
    out: Out = None,
    wait: Wait = False,
    solver_params: SolverParamsOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = "nb",
) -> None:
    """Plan the day, rank for each household, and report; the day is planned only once."""
    check_solve_options(seconds, 0.1, seed, None, language, effort)
    params = read_solver_params(solver_params)
    parameters = NightParameters(
        Policy.read(policy), seconds=seconds, seed=seed, solver_params=params, effort=effort
    )
    if out is not None:
        check_writable(out)
    settings = read_store_settings(database=database)
    instance = None if import_folder is None else _files(import_folder, settings, language)
    planned_day = _day(day, instance, settings, language)
    start = NightStart(settings, parameters, planned_day, new_worker_name())
    try:
        with explain_database_errors(settings, language), open_store(settings) as store:
            if instance is not None:
                _import_files(store, instance, start, withdraw_many, language)
            night = _night(store, start, wait, language)
            report = night.read_json_output("report.json")
            files = [] if out is None else _write(night, out)
    except BusyNightError as busy:
        if as_json:
            print_json({"busy": busy.facts})
        raise typer.Exit(ExitCode.NIGHT_RUNNING) from busy
    attention_needed = needs_attention(report)
    if as_json:
        print_json(
            {**report, "must_look": attention_needed, "files": [str(file) for file in files]}
        )
    else:
        _print(report, attention_needed, files, language)
    raise typer.Exit(ExitCode.NEEDS_ATTENTION if attention_needed else ExitCode.OK)


def _files(folder: Path, settings: Settings, language: Language) -> Instance:
    with show_step(texts(language)["step.reading"].format(path=folder)):
        return read(folder, present_day=settings.present_day())


def _day(
    day: datetime | None, instance: Instance | None, settings: Settings, language: Language
) -> date:
    """Return the day to plan for: as given, else that of the files, else the present day.

    Raises
    ------
    WrongDayError
        When it is after the present day: the night would be in force until then.
    """
    today = settings.present_day()
    planned = day.date() if day is not None else today if instance is None else instance.today
    if planned > today:
        raise WrongDayError(texts(language)["night.future"].format(day=planned, today=today))
    return planned


def _import_files(
    store: Store, instance: Instance, start: NightStart, withdraw_many: bool, language: Language
) -> None:
    """Import the files as of the planned day: all of them or none.

    Raises
    ------
    RefusedImportError
        When much would be gone, in the language of the command.
    """
    moment = start.current_time()
    at = moment if moment.date() == start.day else datetime.combine(start.day, moment.timetz())
    limit = LossLimit(start.settings.withdraw_share, start.settings.withdraw_minimum)
    try:
        with show_step(texts(language)["night.importing"]):
            import_instance(
                store,
                instance,
                Stamp(at, ACTOR, "import"),
                loss_limit=limit,
                withdraw_many=withdraw_many,
            )
    except LargeLossError as error:
        told = describe_losses(error.losses, language)
        raise RefusedImportError(f"{told} {texts(language)['night.meant']}") from error


def _night(store: Store, start: NightStart, wait: bool, language: Language) -> NightRun:
    """Carry out the night, or return the night that is already complete.

    Raises
    ------
    BusyNightError
        When another process is carrying out the night and this one must not wait.
    """
    while True:
        start_outcome = claim_night(
            store,
            start.parameters,
            day=start.day,
            at=start.current_time(),
            worker=start.worker,
            asked_by=ACTOR,
            stalled_after=start.settings.stalled_after,
            worker_has_ended=worker_has_ended,
        )
        match start_outcome:
            case NightClaimed():
                return carry_out_night(
                    store, start.settings, start.worker, start_outcome.run, language
                )
            case NightUpToDate():
                print_note(texts(language)["night.done"].format(**_facts(start_outcome.run, start)))
                return NightRun(store, start_outcome.run)
            case NightAlreadyRunning():
                print_note(texts(language)["night.busy"].format(**_facts(start_outcome.run, start)))
                if not wait:
                    raise BusyNightError(_facts(start_outcome.run, start))
                time.sleep(start.settings.poll_seconds)


def _facts(run: Any, start: NightStart) -> dict[str, Any]:
    since = run.started_at.astimezone(start.settings.zone)
    return {"run": run.id, "worker": run.worker, "since": f"{since:%Y-%m-%d %H:%M:%S}"}


def _write(night: NightRun, folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, file in OUTPUT_FILES.items():
        (folder / file).write_bytes(night.read_output(name))
    return [folder / file for file in OUTPUT_FILES.values()]


def _print(
    report: dict[str, Any], attention_needed: bool, files: list[Path], language: Language
) -> None:
    words, counts = texts(language), report["counts"]
    print_line(words["night.placed"].format(**counts, **report["run"]))
    needs = report["needs"]
    kinds = ("late", "alarms", "errors", "disagrees", "warnings")
    facts = {name: len(needs.get(name, ())) for name in kinds}
    if undecided := needs.get("undecided"):
        undecided_facts = {**undecided, "count": len(undecided["municipalities"])}
        print_line(words["night.undecided"].format(**undecided_facts))
    print_line(words["night.look" if attention_needed else "night.calm"].format(**facts))
    if files:
        print_line(words["night.files"].format(report=files[0], folder=files[0].parent))
