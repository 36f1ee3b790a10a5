"""``treffsikker audit export``: write the log to a file that can be verified anywhere."""

import os
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.sentences import texts
from matcher.cli.service import DatabaseOption, open_store, settings_of_store
from matcher.cli.shared import LanguageOption, UsageError, say
from matcher.store.database.audit_log import export

Out = Annotated[Path, typer.Option("--out", help="File to write; it must not be there yet.")]


def run(out: Out, database: DatabaseOption = None, language: LanguageOption = "nb") -> None:
    """Write the whole audit log to a file, a line of JSON for each entry."""
    settings, words, rows = settings_of_store(database=database), texts(language), 0
    if out.exists():
        raise UsageError(words["audit_there"].format(path=out))
    with open_store(settings) as store, out.open("x", encoding="utf-8") as file:
        for line in export(store):
            file.write(f"{line}\n")
            rows += 1
        file.flush()
        os.fsync(file.fileno())
    say(words["audit_exported"].format(rows=rows, path=out))
