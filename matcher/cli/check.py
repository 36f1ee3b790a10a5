"""``treffsikker check``: list every fault in the files at once."""

from pathlib import Path

import typer

from matcher.cli.sentences import counted, texts
from matcher.cli.shared import (
    AsJson,
    Data,
    ExitCode,
    LanguageOption,
    print_json,
    print_table,
    say,
    step,
)
from matcher.store import Fault, check
from matcher.texts import Language

MAX_ROWS = 40


def run(data: Data, as_json: AsJson = False, language: LanguageOption = "nb") -> None:
    """List every fault in the files at once: file, row, column, value and advice."""
    with step(texts(language)["step.checking"].format(path=data)):
        faults = check(data)
    errors = sum(f.severity == "error" for f in faults)
    if as_json:
        listed = [_facts(f, language) for f in faults]
        print_json({"errors": errors, "warnings": len(faults) - errors, "faults": listed})
    else:
        _print(faults, errors, data, language)
    raise typer.Exit(ExitCode.FAULTS if errors else ExitCode.FINE)


def _facts(fault: Fault, language: Language) -> dict[str, object]:
    return {
        "severity": fault.severity,
        "file": fault.file,
        "row": fault.row,
        "column": fault.column,
        "value": fault.value,
        "code": fault.code,
        "message": fault.message(language),
        "advice": fault.advice(language),
    }


def _print(faults: list[Fault], errors: int, data: Path, language: Language) -> None:
    words = texts(language)
    ordered = sorted(faults, key=lambda f: f.severity != "error")
    for severity in ("error", "warning"):
        rows = [f for f in ordered[:MAX_ROWS] if f.severity == severity]
        if rows:
            say(words[f"check_{severity}"])
            print_table(words["check_columns"].split(", "), [_row(f, language) for f in rows])
            say()
    if len(faults) > MAX_ROWS:
        say(words["more_rows"].format(count=len(faults) - MAX_ROWS))
    facts = {
        "errors": counted(errors, "error", language),
        "warnings": counted(len(faults) - errors, "warning", language),
        "data": data,
    }
    say(words["check_faulty" if errors else "check_sound"].format(**facts))


def _row(fault: Fault, language: Language) -> list[str]:
    cells = (fault.file, fault.row, fault.column, fault.value)
    plain = ["" if c is None else str(c) for c in cells]
    return [*plain, fault.message(language), fault.advice(language)]
