"""``treffsikker audit verify``: whether the log is whole, here or in a file."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.sentences import texts
from matcher.cli.service import DatabaseOption, open_store, settings_of_store
from matcher.cli.shared import AsJson, ExitCode, LanguageOption, UsageError, print_json, say
from matcher.store.database.audit_log import verify
from matcher.store.database.audit_rows import AuditRow, End, Verification, check_chain, row_of
from matcher.texts import Language

File = Annotated[
    Path | None, typer.Option("--file", help="An export; the store's own log unless given.")
]
Known = Annotated[
    str | None,
    typer.Option("--known", metavar="ID:HASH", help="Where the log ended once, noted elsewhere."),
]


def run(
    file: File = None,
    known: Known = None,
    database: DatabaseOption = None,
    as_json: AsJson = False,
    language: LanguageOption = "nb",
) -> None:
    """Tell whether the audit log is whole and unchanged; each place where it is not is named."""
    end = None if known is None else _end(known, language)
    if file is not None:
        found = check_chain(_read(file), known=end)
    else:
        with open_store(settings_of_store(database=database)) as store:
            found = verify(store, end)
    if as_json:
        print_json({"whole": not found.damage, **asdict(found)})
    else:
        _print(found, language)
    raise typer.Exit(ExitCode.FAULTS if found.damage else ExitCode.FINE)


def _end(known: str, language: Language) -> End:
    place, _, hash_ = known.partition(":")
    if not place.isdecimal() or not hash_:
        raise UsageError(texts(language)["wrong_known"].format(value=known))
    return End(int(place), hash_)


def _read(file: Path) -> Iterator[AuditRow]:
    with file.open(encoding="utf-8") as lines:
        yield from (row_of(line) for line in lines)


def _print(found: Verification, language: Language) -> None:
    words = texts(language)
    for damage in found.damage:
        say(words["audit_damage"].format(row=damage.row, what=damage.what))
    facts = {"rows": found.rows, "id": found.end.id, "hash": found.end.hash}
    say(words["audit_spoilt" if found.damage else "audit_whole"].format(**facts))
