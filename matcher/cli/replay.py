"""``treffsikker replay``: an old night once more, from what was stored."""

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
    """Repeat an old night to the bit from what was stored; say what differs if anything does."""
    settings, words = settings_of_store(database=database), texts(language)
    with (
        told_of_database(settings, language),
        open_store(settings) as store,
        following(words["replay.step"].format(run=which)) as follow,
    ):
        found = replayed(store, which, follow)
    if as_json:
        print_json(_facts(found))
    else:
        _print(found, language)
    raise typer.Exit(ExitCode.FINE if found.equal else ExitCode.FAULTS)


def _facts(found: Comparison) -> dict[str, Any]:
    return {
        "run": found.run,
        "equal": found.equal,
        "solved": found.solved,
        "other_versions": {name: list(pair) for name, pair in found.other_versions.items()},
        "differences": [
            {"part": d.part, "stored": d.stored, "again": d.again} for d in found.differences
        ],
    }


def _print(found: Comparison, language: Language) -> None:
    words = texts(language)
    for name, (then, now) in found.other_versions.items():
        say(words["replay.version"].format(name=name, then=then, now=now))
    if not found.solved:
        say(words["replay.unrepeatable"])
    for d in found.differences:
        say(words[f"replay.{d.part}"].format(stored=d.stored, again=d.again))
    key = "differs" if not found.equal else "equal" if found.solved else "checked"
    say(words[f"replay.{key}"].format(run=found.run))
