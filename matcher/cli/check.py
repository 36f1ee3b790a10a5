"""``treffsikker check``: list every fault in the files at once, and what is not mapped."""

from datetime import date
from pathlib import Path

import typer

from matcher.cli.sentences import count, texts
from matcher.cli.shared import (
    DataArgument,
    ExitCode,
    JsonOption,
    LanguageOption,
    print_json,
    print_line,
    print_table,
    show_step,
)
from matcher.cli.unmapped import print_unmapped, unmapped_facts
from matcher.files import Fault, FaultsError
from matcher.files.reading import read_with_warnings
from matcher.problem.problem import Problem
from matcher.problem.refused_pins import find_refused_pins
from matcher.texts import Language

MAX_ROWS = 40


def run(data: DataArgument, as_json: JsonOption = False, language: LanguageOption = "nb") -> None:
    """List every fault in the files at once, and what is not mapped in sound files."""
    with show_step(texts(language)["step.checking"].format(path=data)):
        # Files that are dated ahead cannot be taken in; nothing else here depends on the clock.
        faults, problem = _faults(data, date.today())
    errors = sum(f.severity == "error" for f in faults)
    if as_json:
        listed = [_facts(f, language) for f in faults]
        unmapped = None if errors or problem is None else unmapped_facts(problem, language)
        counts = {"errors": errors, "warnings": len(faults) - errors}
        print_json({**counts, "faults": listed, "unmapped": unmapped})
    else:
        _print(faults, errors, data, language)
        if not errors and problem is not None:
            print_unmapped(problem, language)
    raise typer.Exit(ExitCode.FAULTS if errors else ExitCode.OK)


def _faults(data: Path, today: date) -> tuple[list[Fault], Problem | None]:
    """List the faults in the files; without errors, also pins that a rule refuses, and the problem.

    The problem is that of the default policy; files with errors make none.
    """
    try:
        instance, faults = read_with_warnings(data, present_day=today)
    except FaultsError as error:
        return list(error.faults), None
    problem = Problem.of(instance)
    return faults + [refused.fault() for refused in find_refused_pins(problem)], problem


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
            print_line(words[f"check_{severity}"])
            print_table(words["check_columns"].split(", "), [_row(f, language) for f in rows])
            print_line()
    if len(faults) > MAX_ROWS:
        print_line(words["more_rows"].format(count=len(faults) - MAX_ROWS))
    facts = {
        "errors": count(errors, "error", language),
        "warnings": count(len(faults) - errors, "warning", language),
        "data": data,
    }
    print_line(words["check_faulty" if errors else "check_sound"].format(**facts))


def _row(fault: Fault, language: Language) -> list[str]:
    cells = (fault.file, fault.row, fault.column, fault.value)
    plain = ["" if c is None else str(c) for c in cells]
    return [*plain, fault.message(language), fault.advice(language)]
