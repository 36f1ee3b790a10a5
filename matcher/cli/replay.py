"""``treffsikker replay``: repeat an old night from what was stored."""

from typing import Annotated, Any

import typer

from matcher.cli.night_progress import explain_database_errors
from matcher.cli.sentences import texts
from matcher.cli.shared import (
    ExitCode,
    JsonOption,
    LanguageOption,
    print_json,
    print_line,
    show_progress,
)
from matcher.cli.store_access import DatabaseOption, open_store, read_store_settings
from matcher.jobs.night.replay import ReplayResult, replay_night
from matcher.texts import Language

Which = Annotated[str, typer.Argument(metavar="RUN", help="Such as night-2026-11-22-1.")]


def run(
    run_id: Which,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = "nb",
) -> None:
    """Repeat an old night exactly from what was stored, and list any differences."""
    settings, words = read_store_settings(database=database), texts(language)
    with (
        explain_database_errors(settings, language),
        open_store(settings) as store,
        show_progress(words["replay.step"].format(run=run_id)) as show,
    ):
        comparison = replay_night(store, run_id, show)
    if as_json:
        print_json(_facts(comparison))
    else:
        _print(comparison, language)
    raise typer.Exit(ExitCode.OK if comparison.identical else ExitCode.FAULTS)


def _facts(comparison: ReplayResult) -> dict[str, Any]:
    return {
        "run": comparison.run,
        "equal": comparison.identical,
        "solved": comparison.solve_repeated,
        "other_versions": {name: list(pair) for name, pair in comparison.other_versions.items()},
        "differences": [
            {"part": d.part, "stored": d.stored, "again": d.repeated}
            for d in comparison.differences
        ],
    }


def _print(comparison: ReplayResult, language: Language) -> None:
    words = texts(language)
    for name, (stored, current) in comparison.other_versions.items():
        print_line(words["replay.version"].format(name=name, then=stored, now=current))
    if not comparison.solve_repeated:
        print_line(words["replay.unrepeatable"])
    for d in comparison.differences:
        print_line(words[f"replay.{d.part}"].format(stored=d.stored, again=d.repeated))
    key = (
        "differs"
        if not comparison.identical
        else "equal"
        if comparison.solve_repeated
        else "checked"
    )
    print_line(words[f"replay.{key}"].format(run=comparison.run))
