"""``treffsikker audit verify``: check that the log of the store, or of a file, is complete."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.sentences import texts
from matcher.cli.shared import (
    ExitCode,
    JsonOption,
    LanguageOption,
    UsageError,
    print_json,
    print_line,
)
from matcher.cli.store_access import DatabaseOption, open_store, read_store_settings
from matcher.store.service.audit_chain import (
    AuditRow,
    ChainEnd,
    ChainVerification,
    check_chain,
    parse_line,
)
from matcher.store.service.audit_log import verify_log
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
    as_json: JsonOption = False,
    language: LanguageOption = "nb",
) -> None:
    """Check that the audit log is complete and unchanged; name each place where it is not."""
    end = None if known is None else _end(known, language)
    if file is not None:
        verification = check_chain(_read(file), expected_end=end)
    else:
        with open_store(read_store_settings(database=database)) as store:
            verification = verify_log(store, end)
    if as_json:
        print_json({"whole": not verification.damage, **asdict(verification)})
    else:
        _print(verification, language)
    raise typer.Exit(ExitCode.FAULTS if verification.damage else ExitCode.OK)


def _end(known: str, language: Language) -> ChainEnd:
    place, _, hash_ = known.partition(":")
    if not place.isdecimal() or not hash_:
        raise UsageError(texts(language)["wrong_known"].format(value=known))
    return ChainEnd(int(place), hash_)


def _read(file: Path) -> Iterator[AuditRow]:
    with file.open(encoding="utf-8") as lines:
        yield from (parse_line(line) for line in lines)


def _print(verification: ChainVerification, language: Language) -> None:
    words = texts(language)
    for damage in verification.damage:
        print_line(words["audit_damage"].format(row=damage.row, what=damage.what))
    facts = {"rows": verification.rows, "id": verification.end.id, "hash": verification.end.hash}
    print_line(words["audit_spoilt" if verification.damage else "audit_whole"].format(**facts))
