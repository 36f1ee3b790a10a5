"""``treffsikker replay``: repeat an old night from what was stored."""

from typing import Annotated, Any

import typer

from matcher.batch import Comparison
from matcher.batch import replay as replayed
from matcher.cli.night_watch import told_of_database
from matcher.cli.sentences import texts
from matcher.cli.service import DatabaseOption, open_store, settings_of_store
from matcher.cli.shared import AsJson, ExitCode, LanguageOption, following, print_json, say
from matcher.texts import Language

Which = Annotated[str, typer.Argument(metavar="RUN", help="Such as night-2026-11-22-1.")]


def run(
    which: Which,
    database: DatabaseOption = None,
    as_json: AsJson = False,
    language: LanguageOption = "nb",
) -> None:
    """Repeat an old night exactly from what was stored, and list any differences."""
    settings, words = settings_of_store(database=database), texts(language)
    with (
        told_of_database(settings, language),
        open_store(settings) as store,
        following(words["replay.step"].format(run=which)) as follow,
    ):
        comparison = replayed(store, which, follow)
    if as_json:
        print_json(_facts(comparison))
    else:
        _print(comparison, language)
    raise typer.Exit(ExitCode.FINE if comparison.equal else ExitCode.FAULTS)


def _facts(comparison: Comparison) -> dict[str, Any]:
    return {
        "run": comparison.run,
        "equal": comparison.equal,
        "solved": comparison.solved,
        "other_versions": {name: list(pair) for name, pair in comparison.other_versions.items()},
        "differences": [
            {"part": d.part, "stored": d.stored, "again": d.again} for d in comparison.differences
        ],
    }


def _print(comparison: Comparison, language: Language) -> None:
    words = texts(language)
    for name, (stored, current) in comparison.other_versions.items():
        say(words["replay.version"].format(name=name, then=stored, now=current))
    if not comparison.solved:
        say(words["replay.unrepeatable"])
    for d in comparison.differences:
        say(words[f"replay.{d.part}"].format(stored=d.stored, again=d.again))
    key = "differs" if not comparison.equal else "equal" if comparison.solved else "checked"
    say(words[f"replay.{key}"].format(run=comparison.run))
