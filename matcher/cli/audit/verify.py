"""``treffsikker audit verify``: check that the log of the store, or of a file, is complete."""

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
    """Check that the audit log is complete and unchanged; name each place where it is not."""
    end = None if known is None else _end(known, language)
    if file is not None:
        verification = check_chain(_read(file), known=end)
    else:
        with open_store(settings_of_store(database=database)) as store:
            verification = verify(store, end)
    if as_json:
        print_json({"whole": not verification.damage, **asdict(verification)})
    else:
        _print(verification, language)
    raise typer.Exit(ExitCode.FAULTS if verification.damage else ExitCode.FINE)


def _end(known: str, language: Language) -> End:
    place, _, hash_ = known.partition(":")
    if not place.isdecimal() or not hash_:
        raise UsageError(texts(language)["wrong_known"].format(value=known))
    return End(int(place), hash_)


def _read(file: Path) -> Iterator[AuditRow]:
    with file.open(encoding="utf-8") as lines:
        yield from (row_of(line) for line in lines)


def _print(verification: Verification, language: Language) -> None:
    words = texts(language)
    for damage in verification.damage:
        say(words["audit_damage"].format(row=damage.row, what=damage.what))
    facts = {"rows": verification.rows, "id": verification.end.id, "hash": verification.end.hash}
    say(words["audit_spoilt" if verification.damage else "audit_whole"].format(**facts))
