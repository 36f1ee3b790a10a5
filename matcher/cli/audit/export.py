"""``treffsikker audit export``: write the log to a file that can be verified anywhere."""

import os
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.sentences import texts
from matcher.cli.shared import LanguageOption, UsageError, print_line
from matcher.cli.store_access import DatabaseOption, open_store, read_store_settings
from matcher.store.service.audit_log import export_lines

Out = Annotated[Path, typer.Option("--out", help="File to write; it must not be there yet.")]


def run(out: Out, database: DatabaseOption = None, language: LanguageOption = "nb") -> None:
    """Write the whole audit log to a file, a line of JSON for each entry."""
    settings, words, rows = read_store_settings(database=database), texts(language), 0
    if out.exists():
        raise UsageError(words["audit_there"].format(path=out))
    with open_store(settings) as store, out.open("x", encoding="utf-8") as file:
        for line in export_lines(store):
            file.write(f"{line}\n")
            rows += 1
        file.flush()
        os.fsync(file.fileno())
    print_line(words["audit_exported"].format(rows=rows, path=out))
